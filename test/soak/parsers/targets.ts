// Everything that reads a file which somebody else may have made, with whole files to begin from.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { NO_STATE } from './checkpointState';
import { decodeMessage, encodeMessage } from '../../../app/contract/codec';
import { FrameReader } from '../../../app/contract/frames';
import type { ImportFormat } from '../../../app/contract/dataset';
import { starterConfig } from '../../../app/starterConfig';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';
import { reasonText } from '../../../app/errors';
import { decodeAudio } from '../../../engine/data/audioFile';
import { checkFile } from '../../../engine/data/checkFile';
import { DataSets } from '../../../engine/data/dataSets';
import { importData } from '../../../engine/data/importing';
import { parseListedRows } from '../../../engine/data/manifest';
import { readNamedJson } from '../../../engine/data/namedJson';
import { openArchive } from '../../../engine/data/openArchive';
import { exportSet } from '../../../engine/data/setArchive';
import { readSetContent } from '../../../engine/data/setFiles';
import { parseTextSource } from '../../../engine/data/textSource';
import { parseArpa } from '../../../engine/language/arpa';
import { packModel, unpackModel } from '../../../engine/library/modelArchive';
import { readModel } from '../../../engine/library/modelFiles';
import { Recordings } from '../../../engine/library/recordings';
import { Checkpoints } from '../../../engine/training/checkpoint';
import { diskWriter } from '../../../engine/training/journal';
import { writeWav } from '../../../app/audio/wav';
import { writeTinyAssets } from '../../engine/tinyModel';

/** What a reader says against a file where it does not throw an UnrollError: a sentence, or the bytes are no message. */
export class Refusal extends Error {}

export interface Target {
  readonly kind: 'binary' | 'text' | 'json';
  /** Whole files; each damaged one begins as one of them. */
  readonly whole: readonly Uint8Array[];
  /** Reads a file that may be anything. @param folder an empty one, for this file alone */
  read(bytes: Uint8Array, folder: string): Promise<unknown>;
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const json = (value: unknown): Uint8Array => text(JSON.stringify(value));
const tone = (): Uint8Array =>
  writeWav(
    Int16Array.from({ length: 1600 }, (_, n) => 8000 * Math.sin(n / 6)),
    16_000,
  );

const ARPA = `\\data\\
ngram 1=4
ngram 2=3

\\1-grams:
-99	<s>	-0.3
-0.6	</s>
-0.5	one	-0.2
-0.7	two	-0.1

\\2-grams:
-0.2	<s> one
-0.4	one two
-0.3	two </s>

\\end\\
`;

/** @param folder for what is made once; @param audio the folder of the sounds that come with the project's tests */
export async function makeTargets(folder: string, audio: string): Promise<Readonly<Record<string, Target>>> {
  return {
    ...(await modelTargets(folder)),
    ...soundTargets(await soundsIn(audio)),
    ...(await setTargets(folder)),
    ...listTargets(),
    ...textTargets(),
    ...wireTargets(),
  };
}

async function modelTargets(folder: string): Promise<Record<string, Target>> {
  const assets = join(folder, 'assets');
  await writeTinyAssets(assets);
  const model = join(assets, 'models', 'tiny-live');
  const [manifest, weights] = await Promise.all(
    ['model.json', 'weights.safetensors'].map(async (name) => new Uint8Array(await fs.readFile(join(model, name)))),
  );
  if (manifest === undefined || weights === undefined) throw new Error('Expected a model');
  const readWith = async (files: Readonly<Record<string, Uint8Array>>, dir: string): Promise<unknown> => {
    for (const [name, bytes] of Object.entries(files)) await fs.writeFile(join(dir, name), bytes);
    return readModel(dir);
  };
  return {
    'model.json': {
      kind: 'json',
      whole: [manifest],
      read: (bytes, dir) => readWith({ 'model.json': bytes, 'weights.safetensors': weights }, dir),
    },
    'weights.safetensors': {
      kind: 'binary',
      whole: [weights],
      read: (bytes, dir) => readWith({ 'model.json': manifest, 'weights.safetensors': bytes }, dir),
    },
    'model archive': {
      kind: 'binary',
      whole: [await packModel(model)],
      read: async (bytes, dir) => {
        const file = join(dir, 'tiny.unroll-model');
        await fs.writeFile(file, bytes);
        return readModel(await unpackModel(file, join(dir, 'out')));
      },
    },
    checkpoint: await checkpointTarget(folder),
    'language model': { kind: 'text', whole: [text(ARPA)], read: async (bytes) => parseArpa(bytes, 'lm.arpa') },
    configuration: {
      kind: 'json',
      whole: [json(starterConfig(['one', 'two']))],
      read: async (bytes, dir) => {
        const file = join(dir, 'config.json');
        await fs.writeFile(file, bytes);
        return checkFile(trainingConfigSchema, await readNamedJson(file, 1 << 20), file);
      },
    },
  };
}

async function checkpointTarget(folder: string): Promise<Target> {
  const context = { shapes: [{ name: 'W', shape: [2, 3] }], slots: [], fingerprint: 'a' };
  const values = new Map([['W', { name: 'W', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }]]);
  const weights = { values, optimizer: { step: 1, slots: new Map() }, best: null };
  const run = join(folder, 'run');
  await new Checkpoints(run, diskWriter).save({ state: NO_STATE, weights, journals: {} }, 'a', 1);
  const [name] = await fs.readdir(join(run, 'checkpoints'));
  if (name === undefined) throw new Error('Expected a checkpoint');
  const whole = new Uint8Array(await fs.readFile(join(run, 'checkpoints', name)));
  return {
    kind: 'binary',
    whole: [whole],
    read: async (bytes, dir) => {
      await fs.mkdir(join(dir, 'checkpoints'));
      await fs.writeFile(join(dir, 'checkpoints', name), bytes);
      return new Checkpoints(dir, diskWriter).load(context);
    },
  };
}

async function soundsIn(audio: string): Promise<Uint8Array[]> {
  const encoded = join(audio, 'encoded');
  // M4A is the window's to decode, by what the browser has for it.
  const names = (await fs.readdir(encoded)).filter((name) => !name.endsWith('.m4a')).sort();
  return Promise.all(names.map(async (name) => new Uint8Array(await fs.readFile(join(encoded, name)))));
}

const soundTargets = (sounds: readonly Uint8Array[]): Record<string, Target> => ({
  sound: { kind: 'binary', whole: [tone(), ...sounds], read: (bytes) => decodeAudio(bytes, 'sound') },
});

async function setTargets(folder: string): Promise<Record<string, Target>> {
  const sets = await DataSets.open(join(folder, 'sets'));
  const { id } = await sets.create('Words');
  const row = { speaker: 'anna', corpus: null, device: null, isLeftOut: false };
  for (const word of ['one', 'two'])
    await sets.put(id, `${word}.wav`, { ...row, transcript: word }, (path) => fs.writeFile(path, tone()));
  const set = sets.folderOf(id);
  const file = join(folder, 'words.zip');
  await exportSet(set, file);
  const archive = new Uint8Array(await fs.readFile(file));
  const [about, list] = await Promise.all(['dataset.json', 'manifest.tsv'].map((name) => fs.readFile(join(set, name))));
  if (about === undefined || list === undefined) throw new Error('Expected a data set');
  return {
    'data set archive': {
      kind: 'binary',
      whole: [archive],
      read: async (bytes, dir) => {
        await fs.writeFile(join(dir, 'set.zip'), bytes);
        return openArchive(join(dir, 'set.zip'), join(dir, 'out'));
      },
    },
    'data set': {
      kind: 'json',
      whole: [new Uint8Array(about)],
      read: async (bytes, dir) => {
        await fs.writeFile(join(dir, 'manifest.tsv'), list);
        await fs.writeFile(join(dir, 'dataset.json'), bytes);
        return readSetContent(dir);
      },
    },
    recording: {
      kind: 'json',
      whole: [json(RECORDING)],
      read: async (bytes, dir) => {
        const own = join(dir, 'rec-1');
        await fs.mkdir(own);
        await fs.writeFile(join(own, 'audio.wav'), tone());
        await fs.writeFile(join(own, 'manifest.json'), bytes);
        const recordings = await Recordings.open(dir);
        await fs.access(own);
        return recordings.list().recordings.length === 0 ? null : recordings.get('rec-1');
      },
    },
  };
}

const RECORDING = {
  format: 'unroll-recording',
  version: 1,
  id: 'rec-1',
  title: '',
  createdAt: '2026-01-02T03:04:05.000Z',
  durationMs: 100,
  sampleRateHz: 16_000,
  source: 'microphone',
  fileName: null,
  isRecovered: false,
  deletedAt: null,
  marks: [],
  transcripts: [],
};

const LISTS = {
  manifest: 'path\ttranscript\tspeaker\na.wav\tone\tanna\nb.wav\ttwo\tbob\n',
  deepspeech: 'wav_filename,wav_filesize,transcript\na.wav,1000,one\nb.wav,1000,"two, three"\n',
  'common-voice': 'client_id\tpath\tsentence\tup_votes\nc1\ta.wav\tone\t2\nc2\tb.wav\ttwo\t2\n',
  ljspeech: 'a|one|one\nb|two|two\n',
} as const satisfies Partial<Record<ImportFormat, string>>;
const LIST_PATHS: Readonly<Record<keyof typeof LISTS, { readonly list: string; readonly sounds: string }>> = {
  manifest: { list: 'list.tsv', sounds: '' },
  deepspeech: { list: 'train.csv', sounds: '' },
  'common-voice': { list: 'validated.tsv', sounds: 'clips' },
  ljspeech: { list: 'metadata.csv', sounds: 'wavs' },
};

function listTargets(): Record<string, Target> {
  const targets: Record<string, Target> = {
    list: {
      kind: 'text',
      whole: [text(LISTS.manifest)],
      read: async (bytes) => parseListedRows(Buffer.from(bytes).toString('utf8'), 'list.tsv'),
    },
  };
  for (const format of Object.keys(LISTS) as (keyof typeof LISTS)[]) {
    const { list, sounds } = LIST_PATHS[format];
    targets[`${format} list`] = {
      kind: 'text',
      whole: [text(LISTS[format])],
      read: async (bytes, dir) => {
        const source = join(dir, 'source');
        await fs.mkdir(join(source, sounds), { recursive: true });
        await fs.writeFile(join(source, list), bytes);
        for (const name of ['a.wav', 'b.wav']) await fs.writeFile(join(source, sounds, name), tone());
        return importData(source, join(dir, 'out'), { format, isCopying: false, isReplacing: false, seed: 1 });
      },
    };
  }
  return targets;
}

function textTargets(): Record<string, Target> {
  const parse = (task: 'slots' | 'sentiment' | 'keywords', whole: string): Target => ({
    kind: 'text',
    whole: [text(whole)],
    read: async (bytes) => {
      const source = parseTextSource(Buffer.from(bytes).toString('utf8'), 'data.tsv', task);
      const [first] = source.leftOut;
      if (first !== undefined) throw new Refusal(reasonText(first.reason));
      return source;
    },
  });
  return {
    'words and tags': parse('slots', 'arrive taipei\tO B-city\nleave taipei\tO B-city\n'),
    'texts and labels': parse('sentiment', 'a good film\tgood\na bad film\tbad\n'),
    'texts and key phrases': parse('keywords', '{"text": "memory cells learn", "keyphrases": ["memory cells"]}\n'),
  };
}

function wireTargets(): Record<string, Target> {
  const message = encodeMessage({ kind: 'request', id: 1, method: 'listen.chunk', body: { pcm: Int16Array.of(1, 2) } });
  return {
    message: { kind: 'binary', whole: [message], read: async (bytes) => plainly(() => decodeMessage(bytes)) },
    'message frames': {
      kind: 'binary',
      whole: [Uint8Array.of(4, 0, 0, 0, 1, 2, 3, 4)],
      read: async (bytes) => plainly(() => new FrameReader(1 << 20).push(bytes)),
    },
  };
}

/** Bytes that are no message are refused with an error of their own, which closes the connection and is shown to nobody. */
function plainly(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && !(error instanceof RangeError)) throw new Refusal(error.message);
    throw error;
  }
}
