// Which clips make up an epoch, in which disturbed copy, strung how, in which batches. All of it follows from the seed and
// the epoch's number, so that a resumed run sees what an uninterrupted one would have seen.
import type { Stringing } from '../../app/contract/trainingConfig';
import { makeRandom } from '../runtime/random';

/** What planning needs to know of a clip. */
export interface PlannedClip {
  readonly speaker: string;
  readonly corpus: string;
  /** True where not one word of the vocabulary is said. */
  readonly isUnknownOnly: boolean;
  /** Frames of each disturbed copy. */
  readonly copyFrames: readonly number[];
  /** Classes of its symbols; needed where rare ones are taken more often. */
  readonly labels?: Int32Array;
}
interface PlannedPart {
  readonly clip: number;
  readonly copy: number;
  /** Where less than half of it is heard, and nothing is to be written for it; left out: all of it. */
  readonly heard?: 'beginning' | 'end';
}
/** One utterance of an epoch: clips said one after the other, each in one of its copies. */
export type PlannedUtterance = readonly PlannedPart[];

export interface PlanOptions {
  readonly seed: number;
  readonly epoch: number;
  readonly batchFrames: number;
  readonly maxRows: number;
  /** Share of the clips without a known word that an epoch takes, drawn anew each time. */
  readonly unknownOnlyShare: number;
  /** How often an epoch takes each clip of a corpus, on average; 1 where a corpus is not named. */
  readonly shares: Readonly<Record<string, number>>;
  /** Clips with symbols of few clips, more often. */
  readonly rareSymbols: RareSymbols | null;
  /** Batches in the order of their lengths instead of a random one. */
  readonly isFromShortToLong?: boolean;
  readonly stringing: readonly Stringing[];
}

interface RareSymbols {
  readonly below: number;
  readonly times: number;
}

type Random = () => number;

/** Fisher–Yates, in place. */
export function shuffle<A>(items: A[], random: Random): A[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other] as A, items[last] as A];
  }
  return items;
}

/** Draws nothing where it never happens. */
const happens = (chance: number, random: Random): boolean => chance > 0 && random() < chance;

/** By how much each clip is taken more often than others, for its rarest symbol. */
function rarityOf(clips: readonly PlannedClip[], { below, times }: RareSymbols): number[] {
  const clipsWith = new Map<number, number>();
  const symbolsOf = ({ labels }: PlannedClip): Set<number> => new Set(labels);
  for (const clip of clips)
    for (const symbol of symbolsOf(clip)) clipsWith.set(symbol, (clipsWith.get(symbol) ?? 0) + 1);
  return clips.map((clip) => {
    const fewest = Math.min(below, ...[...symbolsOf(clip)].map((symbol) => clipsWith.get(symbol) as number));
    return Math.min(times, below / fewest);
  });
}

/** The epoch's utterances: every clip once, but for `unknownOnlyShare`, `shares` and `rareSymbols`; clips of a strung corpus in groups of one speaker. */
export function planUtterances(clips: readonly PlannedClip[], options: PlanOptions): PlannedUtterance[] {
  const random = makeRandom(options.seed * 1_000_003 + options.epoch);
  const pick = (clip: number): PlannedPart => ({
    clip,
    copy: Math.floor(random() * (clips[clip] as PlannedClip).copyFrames.length),
  });
  const rules = new Map(options.stringing.map((rule) => [rule.corpus, rule]));
  const rarity = options.rareSymbols === null ? null : rarityOf(clips, options.rareSymbols);
  const single: number[] = [];
  const groups = new Map<string, number[]>();
  clips.forEach((clip, index) => {
    if (clip.isUnknownOnly && random() >= options.unknownOnlyShare) return;
    const share = (options.shares[clip.corpus] ?? 1) * (rarity?.[index] ?? 1);
    const times = Math.floor(share) + (random() < share % 1 ? 1 : 0);
    const key = `${clip.corpus}\t${clip.speaker}`;
    const group = groups.get(key) ?? [];
    if (rules.has(clip.corpus)) groups.set(key, group);
    const target = rules.has(clip.corpus) ? group : single;
    for (let time = 0; time < times; time++) target.push(index);
  });
  const utterances: PlannedUtterance[] = single.map((clip) => [pick(clip)]);
  for (const [key, group] of groups) {
    const rule = rules.get(key.split('\t')[0] as string) as Stringing;
    const [fewest, most] = rule.clips;
    shuffle(group, random);
    for (let start = 0; start < group.length;) {
      const length = fewest + Math.floor(random() * (most - fewest + 1));
      const said = group.slice(start, start + length);
      const isRepeated = (): boolean => happens(rule.repeatChance, random);
      const whole = said.flatMap((clip) => (isRepeated() ? [pick(clip), pick(clip)] : [pick(clip)]));
      const broken = (heard: 'beginning' | 'end'): PlannedPart[] =>
        happens(rule.brokenEndChance, random)
          ? [{ ...pick(group[Math.floor(random() * group.length)] as number), heard }]
          : [];
      utterances.push([...broken('end'), ...whole, ...broken('beginning')]);
      start += length;
    }
  }
  return utterances;
}

/**
 * Batches of utterances of like length, in random order or from short to long. Rows per batch follow from the length, in powers of two:
 * few different shapes, since each is compiled once.
 */
export function planBatches(lengths: readonly number[], options: PlanOptions): number[][] {
  const random = makeRandom(options.seed * 1_000_003 + options.epoch + 500_009);
  // A little noise on the length, so that neighbours differ from epoch to epoch.
  const keyed = lengths.map((length, index) => ({ index, length, key: length * (1 + 0.1 * random()) }));
  keyed.sort((a, b) => a.key - b.key);
  const batches: number[][] = [];
  for (let start = 0; start < keyed.length;) {
    const rows = rowsFor((keyed[start] as { length: number }).length, options);
    batches.push(keyed.slice(start, start + rows).map((entry) => entry.index));
    start += rows;
  }
  return options.isFromShortToLong === true ? batches : shuffle(batches, random);
}

function rowsFor(length: number, { batchFrames, maxRows }: PlanOptions): number {
  const fitting = Math.max(1, Math.floor(batchFrames / Math.max(1, length)));
  return Math.min(maxRows, 2 ** Math.floor(Math.log2(fitting)));
}
