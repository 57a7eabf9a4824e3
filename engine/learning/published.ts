// How papers trained these cells, on these tasks where a paper did, else on the paper's own. What a paper leaves open, and what
// cannot be set here, each setting says.
import type { LayerSpec } from '../../app/contract/network';
import { PLAIN_LOSS, type TrainingRule } from '../training/trainingRule';
import { CONTENDERS, type ContenderName } from './contenders';
import type { TaskName } from './tasks';
import type { TrialSetting } from './trial';

export interface PublishedSetting extends TrialSetting {
  readonly source: string;
  /** Where this differs from the paper, or the paper says nothing. */
  readonly differs: string;
  /** Most training steps: about twice what the paper reports, where it reports a number. */
  readonly steps: number;
}

type Choices = Pick<TrainingRule, 'optimizer' | 'clipping'>;
const ruleOf = (choices: Choices): TrainingRule => ({
  ...choices,
  loss: PLAIN_LOSS,
  averageDecay: 0,
  isInParts: false,
  frozenLayers: 0,
});
const GRADIENT_DESCENT = { kind: 'sgd', momentum: 0 } as const;
const UNCLIPPED = { kind: 'none' } as const;
const clippedTo = (threshold: number) => ({ kind: 'norm', threshold }) as const;

/** The LSTM of 1997 had no forget gate: this one stays open. */
const withoutForgetting = (units: number): LayerSpec => ({ cell: 'lstm', units, direction: 'forward', forgetBias: 10 });
const hochreiter = (experiment: string, units: number, steps: number): PublishedSetting => ({
  layer: withoutForgetting(units),
  rule: ruleOf({ optimizer: GRADIENT_DESCENT, clipping: UNCLIPPED }),
  learningRate: 0.5,
  sequences: 1,
  measuredEvery: 1000,
  steps,
  source: `Hochreiter & Schmidhuber 1997, experiment ${experiment}`,
  differs: 'gates of each cell instead of each block; cross-entropy; no bias against the input gate',
});
/** Section 4: RMSProp at 0.001 with decay 0.9, 20 sequences, about as many weights for each network. */
const arjovsky = (layer: LayerSpec): PublishedSetting => ({
  layer,
  rule: ruleOf({ optimizer: { kind: 'rmsprop', squareDecay: 0.9 }, clipping: clippedTo(1) }),
  learningRate: 0.001,
  sequences: 20,
  measuredEvery: 100,
  steps: 20_000,
  source: 'Arjovsky, Shah & Bengio 2016, section 4',
  differs: 'gradients clipped to a norm of 1',
});
/** Section 4.1, table of the best settings, row of the tanh network. */
const le: PublishedSetting = {
  layer: { cell: 'elman', units: 100, direction: 'forward' },
  rule: ruleOf({ optimizer: GRADIENT_DESCENT, clipping: clippedTo(100) }),
  learningRate: 0.01,
  sequences: 16,
  measuredEvery: 100,
  steps: 50_000,
  source: 'Le, Jaitly & Hinton 2015, section 4.1',
  differs: 'the row for 150 steps; cross-entropy',
};
const mikolov: PublishedSetting = {
  layer: { cell: 'scrn', units: 40, direction: 'forward', contextUnits: 10, decay: 0.95 },
  rule: ruleOf({ optimizer: GRADIENT_DESCENT, clipping: clippedTo(1) }),
  learningRate: 0.05,
  sequences: 32,
  measuredEvery: 100,
  steps: 20_000,
  source: 'Mikolov et al. 2014',
  differs: 'its setting for language models; clipped to a norm of 1; gradients through whole sequences',
};
const koutnik: PublishedSetting = {
  layer: CONTENDERS.clockwork,
  rule: ruleOf({ optimizer: { kind: 'sgd', momentum: 0.95 }, clipping: UNCLIPPED }),
  learningRate: 0.0003,
  sequences: 32,
  measuredEvery: 100,
  steps: 20_000,
  source: 'Koutník et al. 2014',
  differs: 'its setting for generating sounds; plain momentum, not Nesterov’s; 32 sequences a step',
};
const chung: PublishedSetting = {
  layer: CONTENDERS.gru,
  rule: ruleOf({ optimizer: { kind: 'rmsprop', squareDecay: 0.9 }, clipping: clippedTo(1) }),
  learningRate: 0.001,
  sequences: 32,
  measuredEvery: 100,
  steps: 20_000,
  source: 'Chung et al. 2014',
  differs: 'its setting for music and speech; no noise on the weights; one rate within the range it drew from',
};

const OF_THE_CELL: Readonly<Partial<Record<ContenderName, PublishedSetting>>> = {
  scrn: mikolov,
  clockwork: koutnik,
  gru: chung,
};
const OF_THE_TASK: Readonly<Record<TaskName, Readonly<Partial<Record<ContenderName, PublishedSetting>>>>> = {
  adding: { elman: le, lstm: hochreiter('4', 4, 250_000) },
  'temporal-order': { lstm: hochreiter('6a', 4, 60_000) },
  'embedded-reber': { lstm: hochreiter('1', 6, 20_000) },
  'copy-memory': {
    elman: arjovsky({ cell: 'elman', units: 80, direction: 'forward' }),
    lstm: arjovsky({ cell: 'lstm', units: 40, direction: 'forward' }),
  },
};

/** @returns null where no paper that is known here trained the cell on the task, and the cell’s own paper trained it on none. */
export const publishedSetting = (task: TaskName, contender: ContenderName): PublishedSetting | null =>
  OF_THE_TASK[task][contender] ?? OF_THE_CELL[contender] ?? null;
