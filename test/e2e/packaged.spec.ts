// The packaged app: everything it needs is in its own folder.
import { expect, test } from '@playwright/test';
import { openPackaged } from './support/apps';
import { packagedProgram } from './support/environment';
import { RecordView } from './support/recordView';
import { fractionRight } from './support/speech';

/** Of assets/samples/four-digits.wav. */
const SAMPLE_WORDS = ['seven', 'three', 'zero', 'nine'];

test('the packaged app starts and transcribes a sample', async () => {
  const app = await openPackaged(packagedProgram());
  try {
    const view = new RecordView(app);
    await view.isReady();
    await app.page.getByRole('button', { name: 'Play Four digits' }).click();
    await expect(view.rows.first()).toBeVisible();
    const read = await view.settledWords();
    expect(fractionRight(SAMPLE_WORDS, read), read.join(' ')).toBeGreaterThanOrEqual(0.9);
    expect(app.complaints).toEqual([]);
  } finally {
    await app.close();
  }
});
