// More of it: UNROLL_FUZZ_FILES=1000 npx vitest run --project node test/engine/data/fuzz.test.ts
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { UnrollError } from '../../../app/errors';
import { decodeAudio } from '../../../engine/data/audioFile';
import { importData } from '../../../engine/data/importing';
import { makeRandom } from '../../../engine/runtime/random';
import { temporaryFolder } from '../temporary';
import { fuzzedFiles, type FuzzedFile } from './fuzzedAudio';

const COUNT = Number(process.env['UNROLL_FUZZ_FILES'] ?? 72);
const SEED = 7;
/** Far more than the largest of these files takes, and far less than all of them together. */
const MAX_GROWTH_BYTES = 512 << 20;
const encodedFolder = join(import.meta.dirname, '../../fixtures/audio/encoded');

async function makeFiles(): Promise<FuzzedFile[]> {
  const names = (await fs.readdir(encodedFolder)).filter((name) => !name.endsWith('.wav')).sort();
  const encoded = await Promise.all(names.map((name) => fs.readFile(join(encodedFolder, name))));
  return [...fuzzedFiles(COUNT, makeRandom(SEED), encoded)];
}

/** Samples, or the sentence of a refusal; anything else that is thrown is a crash. */
async function read({ bytes }: FuzzedFile, name: string): Promise<number | string> {
  try {
    return (await decodeAudio(bytes, name)).length;
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    return error.message;
  }
}

it(
  `${COUNT} sound files of every sort of badness are read or refused by name, in bounded memory`,
  async () => {
    const folder = await temporaryFolder();
    const source = join(folder, 'source');
    await fs.mkdir(source);
    const files = await makeFiles();
    const before = process.memoryUsage().rss;
    let most = before;
    let refused = 0;
    const outcomes: Record<string, { read: number; refused: number }> = {};
    for (const [index, file] of files.entries()) {
      const name = `${file.kind} ${index}.wav`;
      const outcome = await read(file, name);
      const tally = (outcomes[file.kind] ??= { read: 0, refused: 0 });
      if (typeof outcome === 'string') {
        expect(outcome).toContain(name);
        expect({ name, expected: file.expected.kind }).not.toEqual({ name, expected: 'good' });
        tally.refused += 1;
        refused += 1;
      } else {
        expect({ name, expected: file.expected.kind }).not.toEqual({ name, expected: 'bad' });
        tally.read += 1;
        if (file.expected.kind === 'good') {
          expect(Math.abs(outcome - file.expected.seconds * 16_000)).toBeLessThanOrEqual(1);
        }
      }
      most = Math.max(most, process.memoryUsage().rss);
      await fs.writeFile(join(source, name), file.bytes);
      await fs.writeFile(join(source, name.replace('.wav', '.txt')), 'a');
    }
    const report = await importData(source, join(folder, 'set'), {
      format: 'paired-text',
      isCopying: false,
      isReplacing: false,
      seed: 1,
    });
    most = Math.max(most, process.memoryUsage().rss);
    const counts = new Map(report.leftOut.map(({ reason, count }) => [reason, count]));
    expect(counts.get('unreadable-audio')).toBe(refused);
    // What is left of a cut file may be too short for a single letter.
    expect(report.taken.recordings + refused + (counts.get('too-short') ?? 0)).toBe(COUNT);
    expect(most - before).toBeLessThan(MAX_GROWTH_BYTES);
    if (process.env['UNROLL_FUZZ_FILES'] !== undefined) {
      console.table(outcomes);
      console.log(`memory grew by ${Math.round((most - before) / 2 ** 20)} MiB at most`);
    }
  },
  30 * 60_000,
);
