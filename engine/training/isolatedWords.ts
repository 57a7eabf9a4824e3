// The words of longer utterances as clips of their own: people say isolated words otherwise than a recogniser hears them in
// the middle of a sentence, without breath and silence around them.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { writeWav } from '../../app/audio/wav';
import { readSound } from '../commands/readSound';
import type { Wording } from '../data/dataset';
import { readManifest, type ManifestRow } from '../data/manifest';
import { writeFileAtomic } from '../library/atomicFile';
import type { OpenModel } from '../listen/openModel';
import { wordSpans, type WordSpan } from './wordSpans';

const MIN_CONFIDENCE = 0.5;
const LENGTH_MS = [120, 900] as const;
const MS = RECORDING_SAMPLE_RATE_HZ / 1000;

const isGood = ({ startMs, endMs, confidence }: WordSpan): boolean =>
  confidence >= MIN_CONFIDENCE && endMs - startMs >= LENGTH_MS[0] && endMs - startMs <= LENGTH_MS[1];

/**
 * Cuts every word of the vocabulary that `model` finds with confidence out of the rows' sound, into `folder`; what lies there
 * whole from before is taken as it is.
 * @returns one row for each word, of the corpus `corpus`, with the speaker it had
 */
export async function isolatedWords(
  rows: readonly ManifestRow[],
  { model, wording, corpus, folder }: { model: OpenModel; wording: Wording; corpus: string; folder: string },
): Promise<ManifestRow[]> {
  const manifest = join(folder, 'words.tsv');
  if (!(await isThere(manifest))) {
    await fs.mkdir(folder, { recursive: true });
    const lines = ['path\ttranscript\tspeaker\tcorpus'];
    for (const row of rows) {
      const pcm = await readSound(row.path);
      for (const span of (await wordSpans(model, pcm, row, wording)).filter(isGood)) {
        const name = `${lines.length}.wav`;
        const sound = pcm.subarray(span.startMs * MS, span.endMs * MS);
        await writeFileAtomic(join(folder, name), writeWav(sound, RECORDING_SAMPLE_RATE_HZ));
        lines.push([name, span.word, row.speaker ?? '', corpus].join('\t'));
      }
    }
    await writeFileAtomic(manifest, `${lines.join('\n')}\n`);
  }
  return readManifest(manifest);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await fs.access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
