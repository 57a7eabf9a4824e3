// Why the loss jumps: a short real training of one Elman layer on the embedded Reber grammar, twice from the same weights on the same
// sequences: as the gradients are, and with their norm clipped (Pascanu, Mikolov & Bengio 2013).
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import type { Measured } from '../../app/contract/labTraining';
import type { NetworkSpec } from '../../app/contract/network';
import type { Rung } from '../../app/contract/rung';
import type { Clipping } from '../../app/contract/trainingConfig';
import { SEQUENCES } from '../learning/trial';
import { embeddedReber } from '../learning/embeddedReber';
import { initialParameters } from '../network/initialise';
import { openProgram } from '../network/open';
import { makeRandom } from '../runtime/random';
import { PLAIN_LOSS } from '../training/trainingRule';
import { median, numberOrNull } from './numbers';
import { turnOfOthers, type UnderWay } from './underWay';

/** A cliff is a gradient so many times the run's median one. */
const CLIFF = 10;

/** Training steps between two messages. */
const TOLD_EVERY = 10;

/** @throws the signal's reason once it is aborted */
export async function jumps(
  settings: SettingsOf<'jumps'>,
  rung: Rung,
  underWay: UnderWay<'jumps'> = {},
): Promise<ResultOf<'jumps'>> {
  const { threshold } = settings;
  return {
    asItIs: await train('asItIs', { settings, clipping: { kind: 'none' }, rung, underWay }),
    clipped: await train('clipped', { settings, clipping: { kind: 'norm', threshold }, rung, underWay }),
  };
}

interface Training {
  readonly settings: SettingsOf<'jumps'>;
  readonly clipping: Clipping;
  readonly rung: Rung;
  readonly underWay: UnderWay<'jumps'>;
}

async function train(
  run: Measured<'jumps'>['run'],
  { settings, clipping, rung, underWay: { signal, onMeasured } }: Training,
): Promise<ResultOf<'jumps'>['asItIs']> {
  const { steps, units, length, learningRate, seed } = settings;
  const { inputSize, head } = embeddedReber;
  const spec: NetworkSpec = {
    inputSize,
    layers: [{ cell: 'elman', units, direction: 'forward' }],
    dropout: 0,
    head,
  };
  const rule = { loss: PLAIN_LOSS, optimizer: { kind: 'sgd', momentum: 0 }, clipping } as const;
  const program = await openProgram(spec, initialParameters(spec, seed), rung, {
    ...rule,
    averageDecay: 0,
    isInParts: false,
    frozenLayers: 0,
  });
  const random = makeRandom(seed);
  const losses: number[] = [];
  const norms: number[] = [];
  let [skippedSteps, told] = [0, 0];
  try {
    for (let step = 1; step <= steps; step++) {
      const { batch } = embeddedReber.draw(random, length, SEQUENCES);
      const { loss, gradientNorm, isSkipped } = await program.trainStep(batch, { learningRate, seed: step });
      losses.push(loss);
      norms.push(gradientNorm);
      if (isSkipped) skippedSteps++;
      await turnOfOthers(signal);
      if (step % TOLD_EVERY !== 0 && step !== steps) continue;
      const since = (all: readonly number[]) => all.slice(told).map(numberOrNull);
      onMeasured?.({ experiment: 'jumps', run, losses: since(losses), gradientNorms: since(norms) });
      told = step;
    }
  } finally {
    program.dispose();
  }
  const usual = median(norms.filter(Number.isFinite));
  return {
    losses: losses.map(numberOrNull),
    gradientNorms: norms.map(numberOrNull),
    cliffs: norms.flatMap((norm, step) => (Number.isFinite(norm) && norm <= CLIFF * usual ? [] : [step])),
    skippedSteps,
  };
}
