import { promises as fs, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';
import digits from '../../../assets/recipes/digits.json';
import { climb, ladderSteps, ladderTable, type LadderResult } from '../../../engine/training/ladder';
import { patched } from '../../../engine/training/mergePatch';
import { recipeSchema, type Recipe } from '../../../engine/training/recipeFile';

const recipeWith = (ladder: unknown): Recipe => recipeSchema.parse({ ...digits, ladder });
const LADDER = {
  short: { training: { epochs: 3 } },
  steps: [
    { name: 'as it is', change: {} },
    { name: 'less dropout', change: { network: { dropout: 0.1 } } },
  ],
};
const RESULT: Omit<LadderResult, 'config'> = {
  ...{ parameters: 1_500_000, epoch: 3, minutes: 4.25 },
  ...{ validationLoss: 2, symbolError: 0.125, wordError: null },
};

it('every recipe leads to configurations, with its ladder and its folds', () => {
  const folder = new URL('../../../assets/recipes/', import.meta.url);
  for (const file of readdirSync(folder)) {
    const recipe = recipeSchema.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
    expect(ladderSteps(recipe, file)).toHaveLength(recipe.ladder?.steps.length ?? 0);
    const fold = patched(recipe.config, recipe.leaveOneSpeakerOut?.change ?? {});
    expect(trainingConfigSchema.safeParse(fold).success).toBe(true);
  }
});

describe('a merge patch', () => {
  it('changes what it names, takes away what is null, and leaves the rest', () => {
    expect(patched({ a: { b: 1, c: 2 }, d: [1, 2] }, { a: { b: 3, c: null }, d: [4] })).toEqual({
      a: { b: 3 },
      d: [4],
    });
  });
  it('makes objects where there was something else', () => {
    expect(patched({ a: 1 }, { a: { b: { c: 2, d: null } } })).toEqual({ a: { b: { c: 2 } } });
  });
});

describe('a ladder', () => {
  let out = '';
  beforeEach(async () => void (out = await fs.mkdtemp(join(tmpdir(), 'ladder-'))));
  afterEach(() => fs.rm(out, { recursive: true }));

  it('has a configuration for each step: the short one with its change', () => {
    const [plain, other] = ladderSteps(recipeWith(LADDER), 'digits');
    expect(plain!.config).toEqual({ ...other!.config, network: { ...other!.config.network, dropout: 0.4 } });
    expect([plain!.config.training.epochs, other!.config.network.dropout]).toEqual([3, 0.1]);
  });

  it('names the step whose change leads to no configuration', () => {
    const recipe = recipeWith({ ...LADDER, steps: [{ name: 'too much', change: { network: { dropout: 2 } } }] });
    expect(() => ladderSteps(recipe, 'digits')).toThrowError(/digits\.json, too much/);
  });

  it('learns each step once, and a step anew whose configuration is another', async () => {
    const learned: number[] = [];
    const learn = (config: { network: { dropout: number } }) => {
      learned.push(config.network.dropout);
      return Promise.resolve(RESULT);
    };
    await climb(ladderSteps(recipeWith(LADDER), 'digits'), out, learn);
    await climb(ladderSteps(recipeWith(LADDER), 'digits'), out, learn);
    expect(learned).toEqual([0.4, 0.1]);
    const changed = {
      ...LADDER,
      steps: [LADDER.steps[0], { name: 'less dropout', change: { network: { dropout: 0.2 } } }],
    };
    await climb(ladderSteps(recipeWith(changed), 'digits'), out, learn);
    expect(learned).toEqual([0.4, 0.1, 0.2]);
  });

  it('keeps what is done where a step fails', async () => {
    const failing = ({ network }: { network: { dropout: number } }) =>
      network.dropout === 0.1 ? Promise.reject(new Error('stopped')) : Promise.resolve(RESULT);
    await expect(climb(ladderSteps(recipeWith(LADDER), 'digits'), out, failing)).rejects.toThrow('stopped');
    const learned: number[] = [];
    await climb(ladderSteps(recipeWith(LADDER), 'digits'), out, ({ network }) => {
      learned.push(network.dropout);
      return Promise.resolve(RESULT);
    });
    expect(learned).toEqual([0.1]);
  });

  it('is told as a table', () => {
    const lines = ladderTable(new Map([['as it is', { ...RESULT, config: null }]])).split('\n');
    expect(lines[2]).toBe('| as it is | 1.50 M | 4.3 | 3 | 2.00 | 12.5 % | – |');
  });
});
