// The Record view as a person uses it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import type { App } from './apps';
import { wordsOf } from './speech';

/** The first start loads TensorFlow and warms the network. */
const READY_MS = 90_000;

export class RecordView {
  readonly button: Locator;
  readonly settled: Locator;
  readonly rows: Locator;
  readonly #page: Page;
  readonly #data: string;

  constructor({ page, data }: Pick<App, 'page' | 'data'>) {
    this.#page = page;
    this.#data = data;
    this.button = page.getByTestId('record-button');
    this.settled = page.getByRole('log');
    // Views that are not looked at keep their rows.
    this.rows = page.getByTestId('recording-row').filter({ visible: true });
  }

  async isReady(): Promise<void> {
    await expect(this.button).toHaveAttribute('data-state', 'ready', { timeout: READY_MS });
  }

  async start(): Promise<void> {
    await this.isReady();
    await this.#page.keyboard.press('Space');
    await expect(this.button).toHaveAttribute('data-state', 'live');
  }

  /** Ends the recording and waits until it is kept. */
  async stop(): Promise<void> {
    await this.#page.keyboard.press('Space');
    await expect(this.button).toHaveAttribute('data-state', 'ready');
    await expect(this.rows.first()).toBeVisible();
  }

  async settledWords(): Promise<string[]> {
    // Speech that the model has no word for is marked in the text, and is no word of it.
    const marked = this.settled.locator('[data-known]');
    return (await marked.allTextContents()).flatMap(wordsOf);
  }

  async hasSettled(words: number): Promise<void> {
    await expect
      .poll(async () => (await this.settledWords()).length, { timeout: READY_MS })
      .toBeGreaterThanOrEqual(words);
  }

  /** Milliseconds of sound that were taken, as the clock shows them. */
  async elapsedMs(): Promise<number> {
    const text = (await this.#page.getByTestId('elapsed').textContent()) ?? '';
    return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 1000;
  }

  async hasHeard(ms: number): Promise<void> {
    await expect.poll(() => this.elapsedMs(), { timeout: ms + READY_MS }).toBeGreaterThanOrEqual(ms);
  }

  /** The sound of the only recording there is. */
  onlyRecording(): string {
    const folder = join(this.#data, 'recordings');
    const ids = readdirSync(folder).filter((name) => !name.startsWith('.'));
    expect(ids).toHaveLength(1);
    return join(folder, ids[0] ?? '', 'audio.wav');
  }
}
