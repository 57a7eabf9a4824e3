// Recordings heard once, for whatever is fitted to what a network makes of them.
import type { Rung } from '../../app/contract/rung';
import type { ManifestRow } from '../data/manifest';
import type { HeardUtterance } from '../language/tune';
import type { Recogniser } from '../library/modelFiles';
import { logitsOf, soundOf } from '../listen/hearing';
import { OpenModel } from '../listen/openModel';
import { clearBar, drawBar } from './output';
import { readSound } from './readSound';

/** @throws UnrollError audio.unreadable and the like */
export async function hearAll(model: Recogniser, rows: readonly ManifestRow[], rung: Rung): Promise<HeardUtterance[]> {
  const open = new OpenModel(model, rung);
  try {
    const heard: HeardUtterance[] = [];
    for (const { path, transcript, speaker } of rows) {
      const logits = await logitsOf(open, soundOf(await readSound(path)));
      heard.push({ logits, reference: transcript, speaker });
      drawBar(heard.length / rows.length, `${heard.length} of ${rows.length} recordings heard`);
    }
    return heard;
  } finally {
    clearBar();
    await open.dispose();
  }
}
