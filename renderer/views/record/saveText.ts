/** Offers the text as a file, UTF-8. */
export function saveText(title: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text, '\n'], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${fileNameOf(title)}.txt`;
  link.click();
  URL.revokeObjectURL(url);
}

/** The title without what some file system forbids in a name. */
export function fileNameOf(title: string): string {
  const name = [...title]
    .map((character) => (character < ' ' || '<>:"/\\|?*'.includes(character) ? '-' : character))
    .join('')
    .trim();
  return name === '' ? 'unroll' : name;
}
