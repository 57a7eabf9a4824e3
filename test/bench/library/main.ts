// npm run bench -- library [--recordings N] [--json]: the index rebuilt from the folders, search as one types, and scrolling.
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions } from '../../../engine/commands/arguments';
import { answer, answerJson, reportError, say } from '../../../engine/commands/output';
import { MANIFEST_VERSION, type RecordingManifest } from '../../../app/contract/recording';
import { Recordings } from '../../../engine/library/recordings';
import { makeRandom } from '../../../engine/runtime/random';

const USAGE = `npm run bench -- library [--recordings N] [--json]

  --recordings N  folders to make; 10,000 if left out
  --json          print one line of JSON
`;
const WORDS = 'show me flights from taipei to tokyo on november second please zero one two three four five'.split(' ');
const WORDS_EACH = 14;
const PAGE = 100;
const DAY_MS = 86_400_000;
/** As they are typed, letter by letter. */
const QUERIES = [
  't',
  'ta',
  'tai',
  'taip',
  'taipei',
  'taipei t',
  'taipei tok',
  'n',
  'november sec',
  'zero one two',
  'osaka',
];

function manifestOf(index: number, random: () => number): RecordingManifest {
  const words = Array.from({ length: WORDS_EACH }, (_, at) => ({
    text: WORDS[Math.floor(random() * WORDS.length)] ?? '',
    startMs: at * 300,
    endMs: at * 300 + 250,
    confidence: random(),
    isKnown: true,
    characters: [],
  }));
  return {
    format: 'unroll-recording',
    version: MANIFEST_VERSION,
    id: `recording-${index}`,
    title: '',
    createdAt: new Date(Date.UTC(2026, 0, 1) - index * 0.05 * DAY_MS).toISOString(),
    durationMs: WORDS_EACH * 300,
    sampleRateHz: 16_000,
    source: 'microphone',
    fileName: null,
    isRecovered: false,
    deletedAt: null,
    transcripts: [{ modelId: 'digits', utterances: [{ startMs: 0, endMs: WORDS_EACH * 300, words }] }],
    marks: [],
    tags: index % 10 === 0 ? ['tenth'] : [],
    isFavourite: false,
  };
}

async function makeFolders(root: string, count: number): Promise<void> {
  const random = makeRandom(1);
  for (let index = 0; index < count; index++) {
    const folder = join(root, `recording-${index}`);
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(join(folder, 'audio.wav'), new Uint8Array(44));
    await fs.writeFile(join(folder, 'manifest.json'), JSON.stringify(manifestOf(index, random)));
  }
}

interface Times {
  readonly medianMs: number;
  readonly longestMs: number;
}
function timesOf(runs: readonly (() => unknown)[]): Times {
  const times = runs.map((run) => {
    const from = performance.now();
    run();
    return performance.now() - from;
  });
  times.sort((a, b) => a - b);
  return { medianMs: times[Math.floor(times.length / 2)] ?? 0, longestMs: times[times.length - 1] ?? 0 };
}

async function measure(folder: string, count: number) {
  const [root, indexFile] = [join(folder, 'recordings'), join(folder, 'index.sqlite')];
  await makeFolders(root, count);
  const timed = async (): Promise<[Recordings, number]> => {
    const from = performance.now();
    return [await Recordings.open(root, { indexFile }), performance.now() - from];
  };
  const [first, rebuiltMs] = await timed();
  first.close();
  const [recordings, openedMs] = await timed();
  const page = (filter: object, first: number) => (): unknown =>
    recordings.search({ filter, sort: 'newest', first, count: PAGE });
  const searching = timesOf([...QUERIES, ...QUERIES].map((query) => page({ query }, 0)));
  const scrolling = timesOf(Array.from({ length: 50 }, (_, at) => page({}, Math.floor((at * count) / 50))));
  const choosing = timesOf(Array.from({ length: 5 }, () => () => recordings.ids({ tags: ['tenth'] })));
  recordings.close();
  const indexBytes = (await fs.stat(indexFile)).size;
  return { recordings: count, rebuiltMs, openedMs, searching, scrolling, choosing, indexBytes };
}

const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const line = (name: string, { medianMs, longestMs }: Times): string =>
  `  ${name}: ${ms(medianMs)}, at most ${ms(longestMs)}`;

async function main(): Promise<void> {
  const { values } = parseOptions({
    recordings: { type: 'string', default: '10000' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  });
  if (values.help === true) return answer(USAGE);
  const folder = await fs.mkdtemp(join(tmpdir(), 'unroll-library-'));
  try {
    const result = await measure(folder, Number(values.recordings));
    if (values.json === true) return answerJson(result);
    answer(`Library of ${result.recordings} recordings`);
    answer(`  index made anew from the folders: ${(result.rebuiltMs / 1000).toFixed(1)} s`);
    answer(`  opened with its index: ${(result.openedMs / 1000).toFixed(1)} s`);
    answer(line('a search, a page of it', result.searching));
    answer(line('a page while scrolling', result.scrolling));
    answer(line('all that have a tag', result.choosing));
    answer(`  index: ${(result.indexBytes / 1e6).toFixed(1)} MB`);
  } finally {
    say(`Removing ${folder}`);
    await fs.rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.exitCode = reportError(error);
});
