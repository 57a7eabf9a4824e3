// Text leaves the window: to the clipboard, or as a file where the person's system puts downloads.

/** Puts text on the clipboard. False where the system refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No permission, or no clipboard interface here: a selection can still be copied within a click.
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'sr-only';
  const before = document.activeElement;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}

/** Saves as a text file, UTF-8, with a line break at the end. */
export function saveText(title: string, text: string): void {
  saveFile(`${fileName(title)}.txt`, text, 'text/plain');
}

/** Saves text under a name, UTF-8, with a line break at the end. */
export function saveFile(name: string, text: string, type: string): void {
  saveBlob(name, new Blob([`${text}\n`], { type: `${type};charset=utf-8` }));
}

/** Saves bytes under a name. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A title as a file name that every system takes. */
export function fileName(title: string): string {
  const reserved = new Set('<>:"/\\|?*');
  const kept = [...title].map((c) => (reserved.has(c) || c.charCodeAt(0) < 32 ? '-' : c)).join('');
  return kept.replace(/[. ]+$/, '').slice(0, 120) || 'Unroll';
}
