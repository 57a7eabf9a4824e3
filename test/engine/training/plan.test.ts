import { describe, expect, it } from 'vitest';
import { planBatches, planUtterances, type PlannedClip, type PlanOptions } from '../../../engine/training/plan';

const options: PlanOptions = {
  seed: 3,
  epoch: 2,
  batchFrames: 400,
  maxRows: 8,
  unknownOnlyShare: 1,
  shares: {},
  rareSymbols: null,
  stringing: [{ corpus: 'digits', clips: [2, 4], repeatChance: 0, brokenEndChance: 0 }],
};
const strung = (change: Partial<PlanOptions['stringing'][number]>): PlanOptions => ({
  ...options,
  stringing: options.stringing.map((rule) => ({ ...rule, ...change })),
});
const clip = (speaker: string, corpus: string, isUnknownOnly = false): PlannedClip => ({
  speaker,
  corpus,
  isUnknownOnly,
  copyFrames: [40, 44],
});
const clips = [
  ...Array.from({ length: 11 }, () => clip('anna', 'digits')),
  ...Array.from({ length: 9 }, () => clip('ben', 'digits')),
  ...Array.from({ length: 5 }, () => clip('ben', 'sentences')),
];
const used = (plan: ReturnType<typeof planUtterances>): number[] =>
  plan.flatMap((parts) => parts.map((part) => part.clip));

describe('the utterances of an epoch', () => {
  it('take every clip once', () => {
    expect(used(planUtterances(clips, options)).sort((a, b) => a - b)).toEqual([...clips.keys()]);
  });
  it('string clips of one speaker only', () => {
    for (const parts of planUtterances(clips, options)) {
      expect(new Set(parts.map((part) => clips[part.clip]?.speaker)).size).toBe(1);
    }
  });
  it('leave clips of other corpora alone', () => {
    const alone = planUtterances(clips, options).filter((parts) => clips[parts[0]?.clip ?? -1]?.corpus === 'sentences');
    expect(alone.map((parts) => parts.length)).toEqual([1, 1, 1, 1, 1]);
  });
  it('are the same for the same seed and epoch', () => {
    expect(planUtterances(clips, options)).toEqual(planUtterances(clips, options));
  });
  it('differ from epoch to epoch', () => {
    expect(planUtterances(clips, { ...options, epoch: 3 })).not.toEqual(planUtterances(clips, options));
  });
  it('take a corpus as often as its share says', () => {
    const times = used(planUtterances(clips, { ...options, shares: { sentences: 2, digits: 0 } }));
    expect(times.sort((a, b) => a - b)).toEqual([20, 20, 21, 21, 22, 22, 23, 23, 24, 24]);
  });
  it('take only the wanted share of clips without a known word', () => {
    const unknown = Array.from({ length: 400 }, () => clip('cleo', 'sentences', true));
    const share = planUtterances(unknown, { ...options, unknownOnlyShare: 0.25 }).length / 400;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.35);
  });
  it('take clips with a symbol of few clips more often, up to a bound', () => {
    const withSymbol = (symbol: number, count: number): PlannedClip[] =>
      Array.from({ length: count }, () => ({ ...clip('dora', 'sentences'), labels: Int32Array.of(0, symbol) }));
    const all = [...withSymbol(0, 20), ...withSymbol(1, 4), ...withSymbol(2, 1)];
    const times = used(planUtterances(all, { ...options, rareSymbols: { below: 8, times: 3 } }));
    const timesOf = (index: number): number => times.filter((each) => each === index).length;
    expect([...all.keys()].map(timesOf)).toEqual([...Array<number>(20).fill(1), 2, 2, 2, 2, 3]);
  });
  it('say clips of a strung corpus twice in a row where words are to be doubled', () => {
    const plan = planUtterances(clips, strung({ repeatChance: 1 }));
    const digits = plan.filter((parts) => clips[parts[0]?.clip ?? -1]?.corpus === 'digits');
    for (const parts of digits)
      for (let at = 0; at < parts.length; at += 2) expect(parts[at]?.clip).toBe(parts[at + 1]?.clip);
    expect(digits.flat()).toHaveLength(40);
  });
  it('begin and end within further clips of the speaker where ends are to be broken', () => {
    const plan = planUtterances(clips, strung({ brokenEndChance: 1 }));
    for (const parts of plan) {
      const isStrung = clips[parts[0]?.clip ?? -1]?.corpus === 'digits';
      const heard = parts.map((part) => part.heard ?? 'whole');
      if (isStrung) expect([heard.at(0), heard.at(-1)]).toEqual(['end', 'beginning']);
      expect(heard.slice(1, -1).every((each) => each === 'whole')).toBe(true);
      expect(new Set(parts.map((part) => clips[part.clip]?.speaker)).size).toBe(1);
    }
  });
});

describe('the batches of an epoch', () => {
  const lengths = Array.from({ length: 57 }, (_, index) => 20 + ((index * 37) % 180));

  it('hold every utterance once', () => {
    expect(
      planBatches(lengths, options)
        .flat()
        .sort((a, b) => a - b),
    ).toEqual([...lengths.keys()]);
  });
  it('have at most the allowed rows', () => {
    for (const batch of planBatches(lengths, options)) expect(batch.length).toBeLessThanOrEqual(options.maxRows);
  });
  it('give longer utterances fewer rows', () => {
    const rows = (length: number): number =>
      Math.max(
        ...planBatches(
          Array.from({ length: 20 }, () => length),
          options,
        ).map((b) => b.length),
      );
    expect(rows(40)).toBe(8);
    expect(rows(200)).toBe(2);
    expect(rows(1000)).toBe(1);
  });
});
