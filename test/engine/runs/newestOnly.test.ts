import { expect, it } from 'vitest';
import { NewestOnly } from '../../../engine/runs/newestOnly';

it('of what is asked while one thing is tried only the newest is tried', async () => {
  const tried: string[] = [];
  let end: () => void = () => undefined;
  const trials = new NewestOnly(async (question: string) => {
    tried.push(question);
    if (question === 'a') await new Promise<void>((resolve) => (end = resolve));
    return question.toUpperCase();
  });
  const answers = ['a'].map((question) => trials.ask(question));
  await new Promise((resolve) => setImmediate(resolve));
  answers.push(...['b', 'c', 'd'].map((question) => trials.ask(question)));
  end();
  expect(await Promise.all(answers)).toEqual(['A', null, null, 'D']);
  expect(tried).toEqual(['a', 'd']);
});

it('what fails is its asker’s alone', async () => {
  const trials = new NewestOnly(async (question: string) => {
    if (question === 'bad') throw new Error('no');
    return question;
  });
  await expect(trials.ask('bad')).rejects.toThrow('no');
  expect(await trials.ask('good')).toBe('good');
});
