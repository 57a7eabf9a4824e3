import type { Page } from '@playwright/test';

export interface DroppedFile {
  readonly name: string;
  readonly content: Buffer;
}

/** Drops a file on the window, as the system would. */
export const dropFile = (page: Page, name: string, content: Buffer): Promise<void> =>
  dropFiles(page, [{ name, content }]);

/** Drops several at once. */
export async function dropFiles(page: Page, files: readonly DroppedFile[]): Promise<void> {
  await page.evaluate(
    (sent) => {
      const dataTransfer = new DataTransfer();
      for (const { name, base64 } of sent) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], name, { type: 'audio/wav' }));
      }
      for (const type of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
      }
    },
    files.map(({ name, content }) => ({ name, base64: content.toString('base64') })),
  );
}
