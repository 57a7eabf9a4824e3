// Text of the logits in a store, by the same rules as live text, in memory that does not grow with the classes.
import type { InspectedText } from '../../app/contract/inspection';
import { blankClass, type RecogniserManifest } from '../../app/contract/model';
import type { Emission } from '../ctc/emission';
import { GreedyDecoder } from '../ctc/greedy';
import { LiveText } from '../ctc/live';
import { utterancesOf, type SettledWord } from '../ctc/words';
import { LOGITS, turnOfOthers } from './activations';
import type { MatrixStore } from './matrixStore';

const PIECE_STEPS = 500;

export async function readText(
  store: MatrixStore,
  manifest: RecogniserManifest,
  signal?: AbortSignal,
): Promise<InspectedText> {
  const { rows: steps, width: classes } = store.shape(LOGITS);
  const decoder = new GreedyDecoder(classes, blankClass(manifest.alphabet));
  const text = new LiveText(manifest);
  const settled: SettledWord[] = [];
  const emissions: Emission[] = [];
  const best = { classes: new Int16Array(steps), probabilities: new Float32Array(steps) };
  for (let first = 0; first < steps; first += PIECE_STEPS) {
    const logits = await store.read(LOGITS, first, PIECE_STEPS);
    const n = logits.length / classes;
    const step = decoder.push(logits, n);
    best.classes.set(step.classes, first);
    best.probabilities.set(step.probabilities, first);
    emissions.push(...step.emissions);
    settled.push(...text.push(logits, n).settled);
    await turnOfOthers(signal);
  }
  settled.push(...text.finish().settled);
  return {
    ...best,
    utterances: utterancesOf(settled),
    emissions: [...emissions, ...decoder.finish()].map(({ classIndex, startFrame, endFrame, confidence }) => ({
      classIndex,
      fromStep: startFrame,
      toStep: endFrame,
      confidence,
    })),
  };
}
