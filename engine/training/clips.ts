// The clips of a run: read once, disturbed into copies, turned into static coefficients and kept; slopes, scaling and masks
// are made anew for every example, since they depend on what it is strung with.
import { promises as fs } from 'node:fs';
import { UnrollError } from '../../app/errors';
import { framesPerStep, type NetworkSpec } from '../../app/contract/network';
import { featureDimension, type FrontEndSettings, type Normalisation } from '../../app/features/settings';
import { FrameAssembler } from '../../app/features/assembler';
import { extractFeatures } from '../../app/features/frontEnd';
import { loudnessNats } from '../../app/features/loudness';
import { measureNormalisation } from '../../app/features/normalise';
import { subtractWindowMean } from '../../app/features/windowMean';
import { requiredFrames } from '../ctc/loss';
import { NO_SOURCES, type SoundSources } from '../data/augment';
import { copiesKey } from '../data/clipCopies';
import { changeTempo, limitToTelephone, shiftChannel } from '../data/frameDisturbance';
import type { FeatureCache } from '../data/featureCache';
import { joinLabels, tooShortFor, type LabelledRow, type LeftOutRow } from '../data/dataset';
import { blankClass, type Alphabet } from '../../app/contract/model';
import { speechFrames, spreadLabels } from '../data/flatStart';
import { quietSounds } from '../data/quiet';
import { maskFrames } from '../data/specAugment';
import { stepCount } from '../network/stack';
import { VocalTract } from '../data/vocalTract';
import { makeRandom } from '../runtime/random';
import type { Augmentation, TrainingConfig } from '../../app/contract/trainingConfig';
import type { Example } from './examples';
import type { FeatureJob } from './clipFeatures';
import { FeaturePool } from './featurePool';
import type { ExampleStore } from './epochPlan';
import type { PlannedUtterance } from './plan';

interface Clip {
  readonly speaker: string;
  readonly corpus: string;
  readonly labels: Int32Array;
  readonly isUnknownOnly: boolean;
  /** [n, K] each: static coefficients of the copies. */
  readonly copies: readonly Float32Array[];
  readonly copyFrames: readonly number[];
}

/** Static coefficients of sounds: what is cached, whatever is later made of them. */
const staticSettings = (settings: FrontEndSettings): FrontEndSettings => ({
  ...settings,
  deltas: 0,
  tailMs: 0,
  normalisation: { kind: 'none' },
});

/** Static coefficients [n, K] as the network sees them, [n, D]: by the front end's own last stage. */
function assembled(parts: readonly Float32Array[], settings: FrontEndSettings): Float32Array {
  const K = settings.coefficients;
  const assembler = new FrameAssembler(settings);
  const cepstra = parts.flatMap((part) =>
    Array.from({ length: part.length / K }, (_, t) => part.subarray(t * K, (t + 1) * K)),
  );
  const body = assembler.push(cepstra);
  const end = assembler.finish();
  const frames = new Float32Array(body.length + end.length);
  frames.set(body);
  frames.set(end, body.length);
  return frames;
}

/** Of each static frame [n, K], in nats. */
const loudness = (frames: Float32Array, settings: FrontEndSettings): Float32Array =>
  Float32Array.from({ length: frames.length / settings.coefficients }, (_, t) =>
    loudnessNats(frames, t * settings.coefficients, settings),
  );

export interface ReadClipsOptions {
  readonly config: Pick<TrainingConfig, 'frontEnd' | 'network'> & {
    readonly training: Pick<TrainingConfig['training'], 'seed'>;
  };
  readonly alphabet: Alphabet;
  readonly cache: FeatureCache;
  /** How the copies are made; of validation clips there is only the first, the clip as it is. */
  readonly augmentation: Augmentation;
  /** Noise and rooms of the person's own. */
  readonly sources?: SoundSources;
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
  /** Asked before each recording; nothing is handed out then. */
  readonly isPaused?: (() => boolean) | undefined;
}

export interface ReadClips {
  readonly clips: readonly Clip[];
  /** The recording of each clip. */
  readonly paths: readonly string[];
  readonly leftOut: readonly LeftOutRow[];
}

/**
 * Reads, disturbs and analyses every row's sound; what was done before comes from the cache. Rows too short for their
 * text are left out.
 * @returns null where it was paused
 * @throws UnrollError file.missing or file.unreadable naming the recording, and what decodeAudio throws
 */
export async function readClips(
  rows: readonly LabelledRow[],
  { config, alphabet, cache, augmentation, sources = NO_SOURCES, onProgress, isPaused }: ReadClipsOptions,
): Promise<ReadClips | null> {
  const copies = await copiesOfAll(rows, { config, cache, augmentation, sources, onProgress, isPaused });
  if (copies === null) return null;
  const clips: Clip[] = [];
  const paths: string[] = [];
  const leftOut: LeftOutRow[] = [];
  const unknown = alphabet.unknown === null ? -1 : alphabet.symbols.indexOf(alphabet.unknown);
  for (const [index, { row, labels }] of rows.entries()) {
    const frames = copies[index] as Float32Array[];
    const copyFrames = frames.map((each) => each.length / config.frontEnd.coefficients);
    const reason = tooShortFor(labels, stepCount(config.network, Math.min(...copyFrames)));
    if (reason === null) {
      const isUnknownOnly = labels.length > 0 && labels.every((label) => label === unknown);
      const { speaker, corpus } = row;
      clips.push({ speaker: speaker ?? '', corpus: corpus ?? '', labels, isUnknownOnly, copies: frames, copyFrames });
      paths.push(row.path);
    } else {
      leftOut.push({ row, reason });
    }
  }
  return { clips, paths, leftOut };
}

/** What is computed of every recording, and what that depends on besides its bytes. */
export function featureJob(
  { frontEnd, training: { seed } }: ReadClipsOptions['config'],
  augmentation: Augmentation,
  sources: SoundSources,
): { readonly job: FeatureJob; readonly dependencies: readonly unknown[] } {
  const settings = staticSettings(frontEnd);
  const dependencies = [settings, copiesKey(augmentation, sources), seed];
  return { job: { settings, augmentation, seed, sources }, dependencies };
}

/** Static features of every row's copies, on all cores; null where it was paused. Whatever was done is in the cache. */
async function copiesOfAll(
  rows: readonly LabelledRow[],
  {
    config,
    cache,
    augmentation,
    sources,
    onProgress,
    isPaused,
  }: Omit<ReadClipsOptions, 'alphabet'> & { sources: SoundSources },
): Promise<Float32Array[][] | null> {
  const { job, dependencies } = featureJob(config, augmentation, sources);
  const pool = new FeaturePool(job);
  const copies: Float32Array[][] = [];
  let [next, done, isEnding] = [0, 0, false];
  /** One recording after the other, as long as nothing went wrong. */
  const lane = async (): Promise<void> => {
    while (!isEnding && next < rows.length) {
      if (isPaused?.() === true) isEnding = true;
      else {
        const index = next++;
        const { path } = (rows[index] as LabelledRow).row;
        const bytes = await readRecording(path);
        const compute = (): Promise<Float32Array[]> => pool.features({ bytes, name: path });
        copies[index] = await cache.getOrCompute([bytes, ...dependencies], compute);
        done += 1;
        onProgress?.(done, rows.length);
      }
    }
  };
  const lanes = Array.from({ length: pool.size }, () =>
    lane().catch((error: unknown) => {
      isEnding = true;
      throw error;
    }),
  );
  try {
    const ends = await Promise.allSettled(lanes);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    return done < rows.length ? null : copies;
  } finally {
    await pool.close();
  }
}

async function readRecording(path: string): Promise<Uint8Array> {
  try {
    return await fs.readFile(path);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UnrollError(isMissing ? 'file.missing' : 'file.unreadable', { file: path }, { cause: error });
  }
}

/** One clip and its copies, as `readClips` makes them: for whoever shows what training hears. */
export const clipOf = (copies: readonly Int16Array[], labels: Int32Array, frontEnd: FrontEndSettings): Clip => {
  const frames = copies.map((copy) => extractFeatures(copy, staticSettings(frontEnd)).frames);
  const copyFrames = frames.map((each) => each.length / frontEnd.coefficients);
  return { speaker: '', corpus: '', labels, isUnknownOnly: false, copies: frames, copyFrames };
};

/** Clips in which nobody speaks, with nothing to learn but silence; as many as `quietShare` asks for beside `clips`. */
export function quietClips(clips: number, { frontEnd, training }: TrainingConfig): Clip[] {
  const settings = staticSettings(frontEnd);
  return quietSounds(Math.round(clips * training.quietShare), makeRandom(training.seed)).map((sound) => {
    const { frames, count } = extractFeatures(sound, settings);
    const labels = new Int32Array(0);
    return { speaker: '', corpus: '', labels, isUnknownOnly: false, copies: [frames], copyFrames: [count] };
  });
}

/** The normalisation of the first two copies of every clip: the clip as it is, and one as it might be. */
export function normalisationOf(
  clips: readonly Clip[],
  { frontEnd, normalisation }: Pick<TrainingConfig, 'frontEnd' | 'normalisation'>,
): Normalisation {
  const plain: FrontEndSettings = { ...frontEnd, normalisation: { kind: 'none' } };
  const parts = clips.flatMap((clip) => clip.copies.slice(0, 2).map((frames) => assembled([frames], plain)));
  return { ...normalisation, ...measureNormalisation(parts, featureDimension(frontEnd)) };
}

/** At one end of the frames [n, K], from a tenth to half of what one of its symbols takes: so that no symbol is there whole. */
function brokenOff(
  frames: Float32Array,
  { coefficients, symbols, heard }: { coefficients: number; symbols: number; heard: 'beginning' | 'end' },
  random: () => number,
): Float32Array {
  const count = frames.length / coefficients / Math.max(1, symbols);
  const kept = Math.max(1, Math.floor(count * (0.1 + 0.4 * random()))) * coefficients;
  return heard === 'beginning' ? frames.slice(0, kept) : frames.slice(frames.length - kept);
}

export interface ClipSetOptions {
  readonly frontEnd: FrontEndSettings;
  readonly augmentation: Augmentation;
  readonly alphabet: Alphabet;
  /** Which frames it makes one step of. */
  readonly network: Pick<NetworkSpec, 'stack'>;
}

/** A set of clips as the training loop asks for it. */
export class ClipSet implements ExampleStore {
  readonly clips: readonly Clip[];
  readonly #options: ClipSetOptions;
  readonly #tailFrames: number;
  readonly #vocalTract: VocalTract;

  constructor(clips: readonly Clip[], options: ClipSetOptions) {
    this.clips = clips;
    this.#options = options;
    this.#vocalTract = new VocalTract(options.frontEnd);
    this.#tailFrames = Math.floor(options.frontEnd.tailMs / options.frontEnd.hopMs);
  }

  example(utterance: PlannedUtterance, seed: number): Example {
    const { features, frames } = this.#disturbed(utterance, seed);
    return { frames, features, labels: this.#labels(utterance) };
  }

  alignedExample(utterance: PlannedUtterance, seed: number): Example {
    const { alphabet, frontEnd } = this.#options;
    const blank = blankClass(alphabet);
    const { features, frames, parts } = this.#disturbed(utterance, seed);
    const labels = new Int32Array(frames).fill(blank);
    let at = 0;
    parts.forEach((part, index) => {
      const symbols = this.#labelsOf(utterance[index] as PlannedUtterance[number]);
      const count = part.length / frontEnd.coefficients;
      const speech = speechFrames(loudness(part, frontEnd));
      labels.set(spreadLabels(symbols, count, speech, blank), at);
      const isNextWord = labels.subarray(0, at).some((label) => label !== blank);
      if (isNextWord && symbols.length > 0 && alphabet.wordSeparator !== null) {
        labels[Math.max(0, at + speech.start - 1)] = alphabet.symbols.indexOf(alphabet.wordSeparator);
      }
      at += count;
    });
    return { frames, features, labels };
  }

  /** The utterance's frames as the network sees them, and its clips' static frames, disturbed by draws from `seed`. */
  #disturbed(utterance: PlannedUtterance, seed: number) {
    const { frontEnd, augmentation } = this.#options;
    const random = makeRandom(seed);
    const { kind, coefficients } = frontEnd;
    const [slowest, fastest] = augmentation.tempo;
    const [shortest, longest] = augmentation.vocalTract;
    const factor = shortest + (longest - shortest) * random();
    const isByTelephone = augmentation.telephoneChance > 0 && random() < augmentation.telephoneChance;
    const parts = utterance.map(({ clip, copy, heard }) => {
      const frames = this.#clip(clip).copies[copy] as Float32Array;
      const spoken = this.#vocalTract.stretch(frames, factor);
      if (isByTelephone) limitToTelephone(spoken, this.#silentFrame(), frontEnd);
      const atTempo = changeTempo(spoken, coefficients, slowest + (fastest - slowest) * random());
      const symbols = this.#clip(clip).labels.length;
      if (heard !== undefined) return brokenOff(atTempo, { coefficients, symbols, heard }, random);
      // A clip that has no frame to spare keeps its own pace.
      return this.#fits(clip, atTempo.length / coefficients) ? atTempo : spoken;
    });
    const isBrokenOff = utterance.at(-1)?.heard === 'beginning';
    const tailFrames = random() < 0.5 && !isBrokenOff ? this.#tailFrames : 0;
    // Clips without a frame to spare leave none for the separators between them.
    const spokenFrames = parts.reduce((sum, part) => sum + part.length, 0) / coefficients;
    const missing = framesPerStep(this.#options.network) * requiredFrames(this.#labels(utterance)) - spokenFrames;
    const example = assembled([...parts, this.#tail(Math.max(tailFrames, missing))], frontEnd);
    const dimension = featureDimension(frontEnd);
    shiftChannel(example, { kind, dimension, coefficients }, augmentation, random);
    subtractWindowMean(example, frontEnd);
    maskFrames(example, { dimension, coefficients }, augmentation, random);
    return { frames: example.length / dimension, features: example, parts };
  }

  /** A clip as a recogniser will hear it: undisturbed, with its tail, without masks. */
  plainExample(clip: number): Example {
    const copy = this.#clip(clip).copies[0] as Float32Array;
    const features = assembled([copy, this.#tail(this.#tailFrames)], this.#options.frontEnd);
    subtractWindowMean(features, this.#options.frontEnd);
    return {
      frames: features.length / featureDimension(this.#options.frontEnd),
      features,
      labels: this.#clip(clip).labels,
    };
  }

  #labels(utterance: PlannedUtterance): Int32Array {
    return joinLabels(
      utterance.map((part) => this.#labelsOf(part)),
      this.#options.alphabet,
    );
  }

  #labelsOf({ clip, heard }: PlannedUtterance[number]): Int32Array {
    return heard === undefined ? this.#clip(clip).labels : new Int32Array(0);
  }

  /** Whether CTC can write a clip's labels over so many frames. */
  #fits(clip: number, frames: number): boolean {
    return tooShortFor(this.#clip(clip).labels, stepCount(this.#options.network, frames)) === null;
  }

  #clip(index: number): Clip {
    return this.clips[index] as Clip;
  }

  /** Frames of digital silence. */
  #tail(frames: number): Float32Array {
    const { frontEnd } = this.#options;
    if (frames === 0) return new Float32Array(0);
    const silence = this.#silentFrame();
    const tail = new Float32Array(frames * frontEnd.coefficients);
    for (let t = 0; t < frames; t++) tail.set(silence, t * frontEnd.coefficients);
    return tail;
  }

  /** [K] */
  #silentFrame(): Float32Array {
    const { frontEnd } = this.#options;
    this.#silence ??= extractFeatures(new Int16Array(1600), staticSettings(frontEnd)).frames.slice(
      0,
      frontEnd.coefficients,
    );
    return this.#silence;
  }
  #silence: Float32Array | null = null;
}
