// Language models, phrases and readings by the built command.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onlyLine, unroll, withBuiltCommand } from './builtCommand';
import { temporaryFolder } from './temporary';

withBuiltCommand();
const assets = resolve(import.meta.dirname, '../../assets');
const digits = join(assets, 'samples', 'four-digits.wav');
const MODEL = ['--model', join(assets, 'models', 'digits')];

describe('unroll with a language', () => {
  it('finds phrases of a list, and leaves the words of no phrase out', async () => {
    const phrases = join(await temporaryFolder(), 'phrases.txt');
    const heard = async (list: string, ...how: readonly string[]): Promise<string> => {
      await fs.writeFile(phrases, list);
      return (await unroll('transcribe', digits, '--grammar', phrases, ...MODEL, ...how)).stdout;
    };
    expect(await heard('seven three\nzero nine\n', '--figures')).toBe('7309\n');
    expect(await heard('seven\nzero nine\n')).toBe('seven zero nine\n');
  });

  it('makes a language model of a text, scores texts by it, and reads with it, other readings beside', async () => {
    const folder = await temporaryFolder();
    const [text, model] = [join(folder, 'text.txt'), join(folder, 'lm.arpa')];
    await fs.writeFile(text, 'one two three\nfour two seven nine\n');
    expect(await unroll('lm', 'build', text, '--out', model, '--classes', 'english')).toMatchObject({ code: 0 });
    const { stdout } = await unroll('lm', 'score', model, text);
    expect(stdout).toMatch(/^perplexity {2}\d+\.\d\d over 9 tokens, 0 unknown$/m);
    const result = onlyLine(await unroll('transcribe', digits, '--json', '--lm', model, '--nbest', '2', ...MODEL));
    expect(result).toMatchObject({ text: 'seven three zero nine' });
    expect(JSON.stringify(result)).toMatch(/"readings":\[\{"text":"seven three zero nine","score":/);
  });
});
