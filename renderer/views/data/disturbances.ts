// The ways in which training disturbs a clip, each with what belongs to it, its bounds, and how it is when it is off.
import { augmentationSchema, type Augmentation } from '../../../app/contract/trainingConfig';

type KeysOf<V> = { [K in keyof Augmentation]-?: Augmentation[K] extends V ? K : never }[keyof Augmentation];
export type RangeKey = KeysOf<[number, number]>;
/** How many copies are made is a matter of time and disk, not of what is heard. */
export type NumberKey = Exclude<KeysOf<number>, 'copies'>;
/** Another data set, whose recordings are used. */
export type SetKey = KeysOf<string | null>;

export interface RangeControl {
  readonly kind: 'range';
  readonly key: RangeKey;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Digits after the point. */
  readonly digits: number;
}
export interface NumberControl {
  readonly kind: 'number';
  readonly key: NumberKey;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly digits: number;
}
export interface SetControl {
  readonly kind: 'set';
  readonly key: SetKey;
}
export type DisturbanceControl = RangeControl | NumberControl | SetControl;

export interface Disturbance {
  readonly id: string;
  readonly controls: readonly DisturbanceControl[];
  /** The values at which it does nothing. */
  readonly off: Partial<Augmentation>;
  /** With what it begins, where it usually does nothing. */
  readonly on?: Partial<Augmentation>;
}

/** As every configuration has them that says nothing else. */
export const USUAL_AUGMENTATION: Augmentation = augmentationSchema.parse({});

const range = (key: RangeKey, min: number, max: number, step: number, digits: number): RangeControl => ({
  kind: 'range',
  key,
  min,
  max,
  step,
  digits,
});

/** A number's bounds are the schema's. */
function number(key: NumberKey, step: number, digits: number): NumberControl {
  const { minValue, maxValue } = augmentationSchema.shape[key].unwrap();
  return { kind: 'number', key, min: minValue ?? 0, max: maxValue ?? 1, step, digits };
}

export const DISTURBANCES = [
  { id: 'speed', controls: [range('speed', 0.7, 1.4, 0.01, 2)], off: { speed: [1, 1] } },
  {
    id: 'pitch',
    controls: [range('pitchSemitones', -12, 12, 0.5, 1)],
    off: { pitchSemitones: [0, 0] },
    on: { pitchSemitones: [-2, 2] },
  },
  { id: 'tempo', controls: [range('tempo', 0.7, 1.4, 0.01, 2)], off: { tempo: [1, 1] } },
  { id: 'gainDb', controls: [range('gainDb', -30, 12, 1, 0)], off: { gainDb: [0, 0] } },
  {
    id: 'noise',
    controls: [range('noiseSnrDb', 0, 50, 1, 0), number('noiseChance', 0.05, 2), { kind: 'set', key: 'noiseSet' }],
    off: { noiseChance: 0 },
  },
  {
    id: 'room',
    controls: [
      range('reverbSeconds', 0.05, 3, 0.05, 2),
      number('reverbChance', 0.05, 2),
      { kind: 'set', key: 'responseSet' },
    ],
    off: { reverbChance: 0 },
    on: { reverbChance: 0.5 },
  },
  {
    id: 'edges',
    controls: [range('edgeCutMs', 0, 200, 5, 0), range('edgeLevelDb', 0, 60, 1, 0), number('faintEdgeChance', 0.05, 2)],
    off: { edgeCutMs: [0, 0], faintEdgeChance: 0 },
    on: { edgeCutMs: [0, 80], faintEdgeChance: 0.5 },
  },
  { id: 'silence', controls: [range('silenceMs', 0, 1000, 10, 0)], off: { silenceMs: [0, 0] } },
  { id: 'vocalTract', controls: [range('vocalTract', 0.8, 1.25, 0.01, 2)], off: { vocalTract: [1, 1] } },
  { id: 'channel', controls: [number('channelShift', 0.05, 2)], off: { channelShift: 0 } },
  {
    id: 'telephone',
    controls: [number('telephoneChance', 0.05, 2)],
    off: { telephoneChance: 0 },
    on: { telephoneChance: 0.3 },
  },
  { id: 'frames', controls: [number('frameNoise', 0.05, 2)], off: { frameNoise: 0 } },
  {
    id: 'timeMasks',
    controls: [number('timeMasks', 1, 0), number('timeMaskFrames', 1, 0)],
    off: { timeMasks: 0 },
  },
  {
    id: 'coefficientMasks',
    controls: [number('coefficientMasks', 1, 0), number('coefficientMaskWidth', 1, 0)],
    off: { coefficientMasks: 0 },
  },
] as const satisfies readonly Disturbance[];
export type DisturbanceId = (typeof DISTURBANCES)[number]['id'];

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether it disturbs anything. */
export function isOn({ off }: Disturbance, augmentation: Augmentation): boolean {
  return Object.entries(off).some(([key, value]) => !isEqual(augmentation[key as keyof Augmentation], value));
}

/** With the disturbance on, as it usually is, or off. */
export function switched(disturbance: Disturbance, augmentation: Augmentation, wanted: boolean): Augmentation {
  if (!wanted) return { ...augmentation, ...disturbance.off };
  const usual = Object.fromEntries(disturbance.controls.map(({ key }) => [key, USUAL_AUGMENTATION[key]]));
  return { ...augmentation, ...usual, ...disturbance.on };
}

/** With one end of a range moved; the other end gives way. */
export function withEnd(
  augmentation: Augmentation,
  { key, min, max }: RangeControl,
  end: 'low' | 'high',
  value: number,
): Augmentation {
  const bounded = Math.max(min, Math.min(max, value));
  const [low, high] = augmentation[key];
  const moved: [number, number] =
    end === 'low' ? [bounded, Math.max(bounded, high)] : [Math.min(bounded, low), bounded];
  return { ...augmentation, [key]: moved };
}

/** As it is heard alone: what happens by chance happens. */
export function alone(augmentation: Augmentation, id: DisturbanceId): Augmentation {
  const only = onlyThese(augmentation, [id]);
  if (id === 'noise') return { ...only, noiseChance: 1 };
  if (id === 'telephone') return { ...only, telephoneChance: 1 };
  return id === 'room' ? { ...only, reverbChance: 1 } : only;
}

/** Only these disturb; all others are off. */
export function onlyThese(augmentation: Augmentation, ids: readonly DisturbanceId[]): Augmentation {
  return DISTURBANCES.reduce<Augmentation>(
    (all, each) => (ids.includes(each.id) ? all : { ...all, ...each.off }),
    augmentation,
  );
}
