// An engine that looks into sounds: values follow from their place, so that every figure can be checked.
import type { Inspection, MatrixSource } from '../../../app/contract/inspection';
import type { PatternMatch, SurveyResult, SurveyTask } from '../../../app/contract/inspectionQuestions';
import type { RequestOf, ReplyOf } from '../../../app/contract/messages';
import type { MockBridge } from '../../../renderer/bridge/mockBridge';
import { confusions } from './confusions';
import { MODEL, SYMBOLS } from './scriptedEngine';
import { shelf, spoken, type ShelfRecording } from './shelf';

export const UNITS = 32;
const FEATURES = 39;
const MEL_BANDS = 26;
const BLANK = SYMBOLS.length;

const gate = (name: string) =>
  ({ name, units: UNITS, range: 'gate', bound: null, groups: null, isClampable: true }) as const;
const signed = (name: string, bound: number | null) =>
  ({ name, units: UNITS, range: 'signed', bound, groups: null, isClampable: true }) as const;
const LSTM = [
  signed('hidden', 1),
  signed('cell', null),
  gate('inputGate'),
  gate('forgetGate'),
  signed('candidate', 1),
  gate('outputGate'),
];

export interface InspectShelfOptions {
  readonly steps?: number;
  readonly layers?: number;
  readonly recordings?: readonly ShelfRecording[];
  readonly units?: number;
}

const KNOCK: ShelfRecording = { id: 'knock', title: 'Knock knock', words: spoken('one three five') };

export function inspectionOf(
  handle: string,
  { steps = 200, layers = 2, units = UNITS }: InspectShelfOptions = {},
): Inspection {
  return {
    handle,
    modelId: MODEL.id,
    durationMs: 10 * steps,
    soundRateHz: 16_000,
    sampleRateHz: 8_000,
    hopSamples: 80,
    windowSamples: 200,
    hopMs: 10,
    stepMs: 10,
    frames: steps,
    steps,
    features: FEATURES,
    coefficients: 13,
    melBands: MEL_BANDS,
    symbols: SYMBOLS,
    layers: Array.from({ length: layers }, (_, index) => ({
      index,
      spec: { cell: 'lstm', units, direction: 'forward' },
      units,
      directions: ['forward'],
      activations: LSTM.map((each) => ({ ...each, units })),
    })),
  };
}

/** Of one unit at one step: each its own slow wave. */
export function valueOf(source: MatrixSource, step: number, unit: number): number {
  const wave = Math.sin(step / (6 + (unit % 5)) + unit);
  switch (source.kind) {
    case 'activation':
      return /Gate$/.test(source.activation) ? 0.5 + 0.5 * wave : 0.9 * wave;
    case 'posteriors':
      return unit === BLANK
        ? step % 10 === 5
          ? 0.1
          : 0.95
        : step % 10 === 5 && unit === Math.floor(step / 10) % 5
          ? 0.85
          : 0;
    case 'features':
      return 2 * wave;
    case 'logMel':
      return -6 + 4 * wave;
  }
}

export function matrixOf(
  inspection: Inspection,
  { source, first, columns, rowsPerColumn, reduce }: RequestOf<'inspection.matrix'>,
): ReplyOf<'inspection.matrix'> {
  const units = inspection.layers[0]?.units ?? UNITS;
  const width = { activation: units, posteriors: BLANK + 1, features: FEATURES, logMel: MEL_BANDS }[source.kind];
  const count = Math.max(0, Math.min(columns, Math.ceil((inspection.steps - first) / rowsPerColumn)));
  const values = new Float32Array(count * width);
  for (let column = 0; column < count; column++)
    for (let unit = 0; unit < width; unit++) {
      const begin = first + column * rowsPerColumn;
      const rows = Math.min(rowsPerColumn, inspection.steps - begin);
      const own = Array.from({ length: rows }, (_, row) => valueOf(source, begin + row, unit));
      values[column * width + unit] =
        reduce === 'mean' ? own.reduce((sum, each) => sum + each, 0) / rows : Math[reduce](...own);
    }
  return { columns: count, width, values };
}

const WORDS = spoken('one three five');
/** What is heard once the network is changed. */
const CHANGED_WORDS = spoken('one tree nine');

/** Of three sounds: unit k of every gate is open in k of as many parts of the frames as there are units, and unit 5 is dead. */
function statisticsOf({ layers, symbols, stepMs }: Inspection): SurveyResult {
  const signals = ['energy', 'voicing', 'silence', ...symbols.map((_, classIndex) => ({ classIndex }))] as const;
  return {
    kind: 'statistics',
    sounds: 3,
    steps: 900,
    leftOut: 1,
    signals: [...signals],
    series: layers.flatMap(({ index: layer, units, activations }) =>
      activations.map(({ name: activation }) => ({
        layer,
        direction: 'forward' as const,
        activation,
        mean: Float32Array.from({ length: units }, (_, unit) => unit / units),
        deviation: new Float32Array(units).fill(0.2),
        open: Float32Array.from({ length: units }, (_, unit) => unit / units),
        high: Float32Array.from({ length: units }, (_, unit) => (0.8 * unit) / units),
        low: Float32Array.from({ length: units }, (_, unit) => 0.8 * (1 - unit / units)),
        correlations: Float32Array.from({ length: units * signals.length }, (_, at) =>
          Math.cos((at % units) + Math.floor(at / units)),
        ),
      })),
    ),
    readings: layers.map(({ index: layer, units }) => {
      const steps = Float32Array.from({ length: units }, (_, unit) => 1 + unit);
      return {
        layer,
        direction: 'forward' as const,
        keepGate: 'forgetGate',
        timeConstantSteps: steps,
        timeConstantMs: steps.map((each) => each * stepMs),
        deadUnits: Int32Array.of(5),
      };
    }),
  };
}

/** Where a pattern is found: in the recording itself, where it was asked for, and in a row of a data set. */
function surveyed(kind: SurveyTask['kind'], options: InspectShelfOptions): SurveyResult {
  switch (kind) {
    case 'statistics':
      return statisticsOf(inspectionOf('survey', options));
    case 'matches':
      return { kind, sounds: 2, leftOut: 0, matches: [...MATCHES] };
    case 'confusions':
      return confusions();
  }
}

const MATCHES: readonly PatternMatch[] = [
  {
    sound: { kind: 'recording', recordingId: 'knock' },
    name: '',
    text: 'one three five',
    ...{ fromStep: 20, toStep: 30, fromMs: 200, toMs: 300, score: 0.9 },
  },
  {
    sound: { kind: 'row', setId: 'digits-set', rowId: 4 },
    name: 'take-4.wav',
    text: 'nine five',
    ...{ fromStep: 50, toStep: 60, fromMs: 500, toMs: 600, score: 0.71 },
  },
];

export function inspectShelf(options: InspectShelfOptions = {}): MockBridge {
  const bridge = shelf(options.recordings ?? [KNOCK]);
  const opened = new Map<string, Inspection>();
  const changed = new Set<string>();
  const at = (handle: string): Inspection => {
    const inspection = opened.get(handle);
    if (!inspection) throw new Error(`Expected ${handle} to be open`);
    return inspection;
  };
  let count = 0;
  const open = (): Inspection => {
    const inspection = inspectionOf(`inside-${++count}`, options);
    opened.set(inspection.handle, inspection);
    return inspection;
  };
  bridge.answer('inspection.open', open);
  bridge.answer('inspection.close', ({ handle }) => {
    opened.delete(handle);
    return {};
  });
  bridge.answer('inspection.text', ({ handle }) => {
    const { steps } = at(handle);
    const classes = Int16Array.from({ length: steps }, (_, step) =>
      step % 10 === 5 ? Math.floor(step / 10) % 5 : BLANK,
    );
    return {
      utterances: [{ startMs: 100, endMs: 1_500, words: changed.has(handle) ? CHANGED_WORDS : WORDS }],
      emissions: [...classes.entries()]
        .filter(([, classIndex]) => classIndex !== BLANK)
        .map(([step, classIndex]) => ({ classIndex, fromStep: step, toStep: step + 1, confidence: 0.85 })),
      classes,
      probabilities: Float32Array.from(classes, (each) => (each === BLANK ? 0.95 : 0.85)),
    };
  });
  bridge.answer('inspection.matrix', (body) => matrixOf(at(body.handle), body));
  bridge.answer('inspection.peaks', ({ firstSample, columns }) => {
    const largest = Float32Array.from(
      { length: columns },
      (_, k) => Math.abs(Math.sin((firstSample / 40 + k) / 50)) * 0.6,
    );
    return { largest, smallest: largest.map((value) => -value) };
  });
  bridge.answer('inspection.audio', ({ handle, firstSample, samples }) => ({
    pcm: new Int16Array(Math.max(0, Math.min(samples, at(handle).durationMs * 16 - firstSample))),
  }));
  bridge.answer('inspection.values', ({ handle, step }) => ({
    features: new Float32Array(FEATURES),
    logMel: new Float32Array(MEL_BANDS),
    symbols: [
      { classIndex: step % 15, probability: 0.91 },
      { classIndex: BLANK, probability: 0.06 },
    ],
    activations: at(handle).layers.flatMap(({ index: layer, units, activations }) =>
      activations.map(({ name: activation }) => {
        const series = { layer, direction: 'forward' as const, activation };
        const source: MatrixSource = { kind: 'activation', ...series };
        return { ...series, values: Float32Array.from({ length: units }, (_, unit) => valueOf(source, step, unit)) };
      }),
    ),
  }));
  bridge.answer('inspection.select', ({ series, threshold }) => ({
    units: [7, 3, 11].map((unit, rank) => ({
      ...series[0]!,
      unit,
      openInside: 0.95 - 0.1 * rank,
      openOutside: 0.1,
      meanInside: threshold + 0.2 - 0.05 * rank,
      meanOutside: 0.2,
    })),
  }));
  bridge.answer('inspection.saliency', ({ step }) => ({
    firstFrame: step,
    frames: 2,
    features: new Float32Array(2 * FEATURES).fill(0.1),
    logMel: new Float32Array(2 * MEL_BANDS).fill(-0.5),
  }));
  bridge.answer('inspection.whatIf', () => {
    const inspection = open();
    changed.add(inspection.handle);
    return inspection;
  });
  bridge.answer('inspection.difference', ({ handle }) => ({
    steps: Float32Array.from({ length: at(handle).steps }, (_, step) => (step === 71 ? 0.6 : 0.01)),
  }));
  bridge.answer('inspection.align', ({ handle }) => ({
    path: Int32Array.from({ length: 2 * at(handle).frames }, (_, index) => index >> 1),
    rowsPerPair: 1,
    distance: 0.25,
  }));
  bridge.answer('inspection.weights', () => ({
    parameters: ['layer0.forward.inputWeights', 'head.bias'].map((name) => ({
      name,
      shape: [39, 128],
      ...{ mean: 0.01, deviation: 0.2, largest: 1.5 },
      counts: Int32Array.from({ length: 41 }, (_, part) => 20 - Math.abs(part - 20)),
    })),
  }));
  bridge.answer('inspection.reach', ({ lags }) => ({
    method: 'sampled' as const,
    directions: 32,
    memories: (['hidden', 'cell'] as const).map((name, memory) => ({
      name,
      norms: Float32Array.from({ length: lags + 1 }, (_, k) => (memory + 0.5) ** k),
    })),
  }));
  let asked: SurveyTask['kind'] = 'matches';
  bridge.answer('inspection.survey', ({ task }) => {
    asked = task.kind;
    return { surveyId: 'survey-1' };
  });
  bridge.answer('inspection.cancelSurvey', () => ({}));
  bridge.answer('inspection.surveyed', () => ({ result: surveyed(asked, options) }));
  bridge.answer('inspection.order', ({ handle }) => {
    const { units } = at(handle).layers[0]!;
    return { order: Int32Array.from({ length: units }, (_, place) => units - 1 - place), scores: new Float32Array(0) };
  });
  return bridge;
}
