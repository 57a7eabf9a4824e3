/** For {@attach}: a field that opens with its whole text chosen, so that typing replaces it. */
export function focusAll(input: HTMLInputElement): void {
  input.focus();
  input.select();
}
