// Language models, phrases and readings by the built command.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LIGHT, onlyLine, sound, unroll, withBuiltCommand } from './builtCommand';
import { temporaryFolder } from './temporary';

withBuiltCommand();
const assets = resolve(import.meta.dirname, '../../assets');
const digits = join(assets, 'samples', 'four-digits.wav');
const sounds = resolve(import.meta.dirname, '../fixtures/audio');
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

describe('unroll evaluate and unroll tune with a language', () => {
  const COUNTED = ['zero', 'one', 'two', 'three', 'four'];
  /** A copy of the bundled digits, a list of spoken digits, and a language model of a text. */
  async function bench(text: string) {
    const folder = await temporaryFolder();
    const [model, lm, data] = ['model', 'lm.arpa', 'said.tsv'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await fs.cp(join(assets, 'models', 'digits'), model, { recursive: true });
    await fs.writeFile(join(folder, 'text.txt'), text);
    await unroll('lm', 'build', join(folder, 'text.txt'), '--out', lm, '--order', '1');
    const rows = COUNTED.map((word, digit) => `${join(sounds, `asterisk_digits_${digit}.wav`)}\t${word}\n`);
    await fs.writeFile(data, rows.join(''));
    return { model, lm, data, manifest: join(model, 'model.json') };
  }

  it('evaluates what the search with a language model writes, with the weights that are asked for', async () => {
    const { lm, data } = await bench('nine\nnine\n');
    // A network that knows nothing doubts everything, so that a language model tells.
    const text = (await unroll('transcribe', ...LIGHT, '--decoder', 'beam', '--beam', '20', sound('one.wav'))).stdout;
    await fs.writeFile(data, `${sound('one.wav')}\t${text.trim()}\n`);
    const wer = async (...how: readonly string[]): Promise<unknown> => {
      const command = ['evaluate', ...LIGHT, '--data', data, '--json', '--decoder', 'beam', '--beam', '20', ...how];
      return (onlyLine(await unroll(...command)) as { wer: number }).wer;
    };
    expect(await wer()).toBe(0);
    expect(await wer('--lm', lm, '--alpha', '2', '--unknown-cost', '100')).toBeGreaterThan(0);
  });

  it('fits the weights to a list, and writes them into the model’s folder, or nothing where it is only tried', async () => {
    const { model, lm, data, manifest } = await bench('zero one two three four\n');
    const before = await fs.readFile(manifest, 'utf8');
    const command = ['tune', '--model', model, '--lm', lm, '--data', data, '--beam', '8', '--json'];
    const tried = onlyLine(await unroll(...command, '--dry-run'));
    expect(tried).toMatchObject({ wer: 0, utterances: COUNTED.length });
    expect(await fs.readFile(manifest, 'utf8')).toBe(before);
    const { fusion } = onlyLine(await unroll(...command)) as { fusion: unknown };
    expect(JSON.parse(await fs.readFile(manifest, 'utf8'))).toMatchObject({ decoding: { fusion } });
    expect(tried).toMatchObject({ fusion });
  });
});
