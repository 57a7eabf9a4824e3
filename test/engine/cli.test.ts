// The built command as a shell sees it: stdout, stderr and the exit code.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import packageInfo from '../../package.json';
import {
  LIGHT,
  lines,
  onlyLine,
  sound,
  strangerFolder,
  unroll,
  assetsFolder,
  soundsFolder,
  withBuiltCommand,
} from './builtCommand';
import { temporaryFolder } from './temporary';
import { tinyManifest } from './tinyModel';

withBuiltCommand();

describe('unroll', () => {
  it('says its version', async () => {
    expect(await unroll('--version')).toMatchObject({ code: 0, stdout: `${packageInfo.version}\n`, stderr: '' });
  });

  it.each(['', 'transcribe', 'evaluate', 'train', 'models'])('explains itself: unroll %s', async (name) => {
    const names = name === '' ? [] : [name];
    const { code, stdout, stderr } = await unroll(...names, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(['Usage: unroll', ...names].join(' '));
  });

  it.each([
    ['no file', ['transcribe']],
    ['an unknown command', ['transcibe', 'x.wav']],
    ['an unknown option', ['transcribe', '--modle', 'x', 'x.wav']],
    ['an unknown format', ['transcribe', '--format', 'xml', 'x.wav']],
    ['an unknown rung', ['transcribe', '--backend', 'gpu', 'x.wav']],
    ['a greedy search with phrases', ['transcribe', 'a.wav', '--decoder', 'greedy', '--hot-word', 'go']],
    ['a boost without bounds', ['transcribe', 'a.wav', '--hot-word', 'go=99']],
    ['a grammar and a language model', ['transcribe', 'a.wav', '--lm', 'a', '--grammar', 'b']],
    ['no manifest', ['evaluate']],
    ['several transcripts without a place', ['export', 'a.srt', 'b.srt', '--format', 'vtt']],
    ['no command', []],
  ])('refuses bad usage with code 2: %s', async (_name, parameters) => {
    const { code, stdout, stderr } = await unroll(...parameters);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('unroll transcribe', () => {
  it('prints the text of a file, and nothing else', async () => {
    const { code, stdout, stderr } = await unroll('transcribe', sound('one.wav'));
    expect({ code, sentences: lines(stderr) }).toEqual({ code: 0, sentences: [] });
    expect(lines(stdout)).toHaveLength(1);
    expect(stdout.trim().length).toBeGreaterThan(3);
  });

  it('tells words with times and confidence as one line of JSON', async () => {
    const result = onlyLine(await unroll('transcribe', '--format', 'json', ...LIGHT, sound('one.wav'))) as {
      text: string;
      realTimeFactor: number;
      utterances: { words: { text: string; startMs: number; endMs: number; confidence: number }[] }[];
    };
    expect(result).toMatchObject({ file: sound('one.wav'), durationMs: 2000 });
    expect(result.realTimeFactor).toBeGreaterThan(0);
    const words = result.utterances.flatMap((utterance) => utterance.words);
    expect(words.map((word) => word.text).join(' ')).toBe(result.text.replaceAll('\n', ' '));
    for (const { startMs, endMs, confidence } of words) {
      expect(startMs).toBeLessThan(endMs);
      expect(confidence).toBeGreaterThan(0);
    }
  });

  it('gives the same text live as whole, by every rung', async () => {
    const model = ['--model', join(assetsFolder(), 'models/tiny-live'), sound('one.wav')];
    const whole = await unroll('transcribe', ...model);
    expect(whole.stdout.trim().length).toBeGreaterThan(3);
    for (const rung of ['compiled', 'native', 'wasm'])
      expect((await unroll('transcribe', '--stream', '--backend', rung, ...model)).stdout).toBe(whole.stdout);
  });

  it('uses the live model for a stream', async () => {
    expect(
      onlyLine(await unroll('transcribe', '--json', '--stream', '--backend', 'wasm', sound('two.wav'))),
    ).toMatchObject({
      modelId: 'tiny-live',
    });
  });

  it('decodes with a beam', async () => {
    const result = onlyLine(await unroll('transcribe', '--json', '--decoder', 'beam', ...LIGHT, sound('two.wav')));
    expect(result).toMatchObject({ modelId: 'tiny-live', durationMs: 1200 });
  });

  it('leaves out one bad file among several and transcribes the others', async () => {
    const { code, stdout, stderr } = await unroll(
      'transcribe',
      ...LIGHT,
      ...['one.wav', 'bad.wav', 'two.wav'].map(sound),
    );
    expect(code).toBe(1);
    expect(lines(stdout).map((line) => line.slice(0, line.indexOf(':')))).toEqual([sound('one.wav'), sound('two.wav')]);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain('bad.wav could not be read as audio.');
  });

  it('prints one line for several files too', async () => {
    const outcome = await unroll('transcribe', '--json', ...LIGHT, sound('one.wav'), sound('gone.wav'));
    expect(outcome.code).toBe(1);
    expect(onlyLine(outcome)).toMatchObject({
      files: [{ file: sound('one.wav') }, { file: sound('gone.wav'), error: { code: 'file.missing' } }],
    });
  });

  it('leaves speech that the model has no word for out of the text, and says that it did', async () => {
    const outcome = await unroll(
      'transcribe',
      ...['--json', '--backend', 'wasm', '--model', strangerFolder()],
      sound('one.wav'),
    );
    const { text, utterances } = onlyLine(outcome) as { text: string; utterances: { words: { text: string }[] }[] };
    expect({ code: outcome.code, text }).toEqual({ code: 0, text: '' });
    expect(utterances.flatMap(({ words }) => words).length).toBeGreaterThan(0);
    expect(outcome.stderr).toContain("one.wav: speech outside the model's words at");
  });

  it('names a model that is not there', async () => {
    const { code, stderr } = await unroll('transcribe', '--model', 'nowhere', sound('one.wav'));
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'No model is called nowhere.\n' });
  });

  it('does not read a damaged model', async () => {
    const folder = await temporaryFolder();
    await fs.writeFile(join(folder, 'model.json'), '{"format": "unroll-model"');
    const { code, stderr } = await unroll('transcribe', '--model', folder, sound('one.wav'));
    expect(code).toBe(1);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain('model.json: It is not valid JSON');
  });
});

describe('unroll export', () => {
  it('writes what transcribe printed in another format, and names what it cannot read', async () => {
    const folder = await temporaryFolder();
    const srt = await unroll('transcribe', sound('one.wav'), '--format', 'srt');
    expect(srt.stdout).toMatch(/^1\n\d\d:\d\d:\d\d,\d{3} --> /);
    await fs.writeFile(join(folder, 'one.srt'), srt.stdout);
    await fs.writeFile(join(folder, 'bad.vtt'), 'hello');
    const vtt = await unroll('export', join(folder, 'one.srt'), '--format', 'vtt');
    expect(vtt).toMatchObject({ code: 0, stderr: '' });
    expect(vtt.stdout).toContain(srt.stdout.split('\n')[2]);
    const names = ['bad.vtt', 'one.srt'].map((name) => join(folder, name));
    const several = await unroll('export', ...names, '--format', 'textgrid', '--out', join(folder, 'out'));
    expect(several.code).toBe(1);
    expect(several.stderr).toContain('bad.vtt cannot be read as a transcript: look at line 1.');
    expect(await fs.readdir(join(folder, 'out'))).toEqual(['one.TextGrid']);
  });
});

describe('unroll evaluate', () => {
  it('measures exactly what the transcripts say', async () => {
    const text = (await unroll('transcribe', ...LIGHT, sound('one.wav'))).stdout.trim();
    const manifest = join(soundsFolder(), 'right.tsv');
    await fs.writeFile(manifest, `path\ttranscript\tspeaker\none.wav\t${text}\tsomebody\n`);
    const result = onlyLine(await unroll('evaluate', ...LIGHT, '--data', manifest, '--json')) as Record<string, number>;
    expect(Object.keys(result).sort()).toEqual([
      'cer',
      'leftOut',
      'realTimeFactor',
      'sentencesExact',
      'utterances',
      'wer',
    ]);
    expect(result).toMatchObject({ cer: 0, wer: 0, sentencesExact: 1, utterances: 1, leftOut: 0 });
    expect(result['realTimeFactor']).toBeGreaterThan(0);
  });

  it('counts what is wrong over the whole list', async () => {
    const text = (await unroll('transcribe', ...LIGHT, sound('one.wav'))).stdout.trim();
    const words = text.split(' ').length;
    const manifest = join(soundsFolder(), 'wrong.tsv');
    await fs.writeFile(manifest, `one.wav\t${text} extra\none.wav\t${text}\n`);
    expect(onlyLine(await unroll('evaluate', ...LIGHT, '--data', manifest, '--json'))).toMatchObject({
      wer: 1 / (2 * words + 1),
      sentencesExact: 0.5,
      utterances: 2,
    });
  });

  it('measures one part of a data set where that is asked for, and names a part that is not there', async () => {
    const manifest = join(soundsFolder(), 'parts.tsv');
    await fs.writeFile(manifest, 'path\ttranscript\tpart\none.wav\tx\ttrain\ntwo.wav\ty\ttest\nbad.wav\tz\ttrain\n');
    const command = ['evaluate', ...LIGHT, '--data', manifest, '--json', '--part'];
    const outcome = await unroll(...command, 'test');
    expect(outcome.code).toBe(0);
    expect(onlyLine(outcome)).toMatchObject({ utterances: 1, leftOut: 0 });
    const { code, stderr } = await unroll(...command, 'validation');
    expect({ code, lines: lines(stderr) }).toEqual({
      code: 1,
      lines: [`No row of ${manifest} belongs to the part validation.`],
    });
  });

  it('names a recording that cannot be read, measures the others, and says how many it left out', async () => {
    const text = (await unroll('transcribe', ...LIGHT, sound('one.wav'))).stdout.trim();
    const manifest = join(soundsFolder(), 'one-bad.tsv');
    await fs.writeFile(manifest, `bad.wav\tone\none.wav\t${text}\n`);
    const outcome = await unroll('evaluate', ...LIGHT, '--data', manifest, '--json');
    expect(outcome.code).toBe(1);
    expect(onlyLine(outcome)).toMatchObject({ wer: 0, cer: 0, sentencesExact: 1, utterances: 1, leftOut: 1 });
    expect(lines(outcome.stderr)).toEqual([
      expect.stringContaining('bad.wav could not be read as audio.'),
      '1 of 2 recordings left out: they could not be read.',
    ]);
  });

  it('gives no rate where no recording can be read', async () => {
    const manifest = join(soundsFolder(), 'all-bad.tsv');
    await fs.writeFile(manifest, 'bad.wav\tone\n');
    const { code, stdout, stderr } = await unroll('evaluate', ...LIGHT, '--data', manifest, '--json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('No recording of the list could be read.');
  });

  it.each([
    ['a manifest that is not there', 'gone.tsv', null, 'gone.tsv was not found.'],
    ['a line without a transcript', 'short.tsv', 'one.wav\n', 'line 1'],
    ['a recording that is not there', 'points.tsv', 'nowhere.wav\tone\n', 'nowhere.wav was not found.'],
  ])('refuses %s in one sentence', async (_name, file, content, sentence) => {
    if (content !== null) await fs.writeFile(join(soundsFolder(), file), content);
    const { code, stdout, stderr } = await unroll('evaluate', ...LIGHT, '--data', join(soundsFolder(), file), '--json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain(sentence);
  });
});

describe('unroll models', () => {
  it('lists what comes with the product', async () => {
    expect(onlyLine(await unroll('models', '--json'))).toMatchObject({
      models: [
        { id: 'tiny-live', isLiveDefault: true, isDefault: false, isStreaming: true },
        { id: 'tiny-whole', isLiveDefault: false, isDefault: true, isStreaming: false },
      ],
    });
  });
});

describe('unroll describe', () => {
  const example = fileURLToPath(new URL('../../examples/graves-2013-1l-250h.json', import.meta.url));

  it('counts the parameters of a network as one line of JSON', async () => {
    const outcome = await unroll('describe', example, '--json');
    expect(outcome.code).toBe(0);
    expect(onlyLine(outcome)).toMatchObject({ parameters: 780_562 });
  });
  it('shows the layers of a model as a table', async () => {
    const { code, stdout } = await unroll('describe', join(assetsFolder(), 'models', tinyManifest('forward').id));
    expect(code).toBe(0);
    expect(lines(stdout)[0]).toMatch(/^layer +kind +direction +options +in +out +parameters +multiply-adds a step$/);
    expect(stdout).toContain('layer0.forward.inputWeights [');
  });
  it('names the field that is wrong and what is allowed', async () => {
    const file = join(await temporaryFolder(), 'network.json');
    const network = JSON.parse(await fs.readFile(example, 'utf8')) as object;
    await fs.writeFile(file, JSON.stringify({ ...network, layers: [{ cell: 'esn' }] }));
    const { code, stdout, stderr } = await unroll('describe', file);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('layers.0.cell');
    expect(stderr).toContain('gru');
  });
});
