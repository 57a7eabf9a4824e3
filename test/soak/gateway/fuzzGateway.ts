// Random and broken messages to the real gateway before the real engine: every one is answered, nothing dies, nothing hangs, no
// file is touched beside the engine's folders.
import {
  methods,
  trainingMethods,
  type EventEnvelope,
  type MethodName,
  type ReplyEnvelope,
} from '../../../app/contract/messages';
import { UnrollError } from '../../../app/errors';
import { makeRandom } from '../../../engine/runtime/random';
import { engineProgram, nodeEngine } from '../../../main/engineProgram';
import { Engines } from '../../../main/engines';
import { Gateway } from '../../../main/gateway';
import type { BuiltPlaces } from '../../../main/places';
import { updateAnswers } from '../../../main/updates';
import { choice, integer, isChance, type Random } from '../random';
import { withinFolders } from './allowedFiles';
import { envelope, hostileValue, mutated } from './mutations';
import { valueOf } from './schemaValues';

export interface GatewayFuzz {
  readonly seed: number;
  /** Numbers of the messages: each follows from the seed, its number and what was answered before. */
  readonly first: number;
  readonly count: number;
  readonly places: BuiltPlaces;
  /** The one folder that the engine may write. */
  readonly folder: string;
  readonly onProgress?: (done: number) => void;
}

export interface GatewayTally {
  answered: number;
  refused: number;
  readonly byCode: Record<string, number>;
}

const WINDOWS = 3;
const AT_ONCE = 12;
const MOST_KNOWN = 60;
/** Of a message that takes the engine long in order: far below, a hang. */
const HANG_MS = 180_000;
const SHIPPED = ['digits', 'one', 'zh'];
const IS_ABOUT_ONE = /id$|handle$/i;
const IDENTIFIER = /^[a-z0-9][a-z0-9-]{0,63}$/;
const NAMES = Object.keys(methods) as MethodName[];
const isTraining = (method: MethodName): boolean => Object.hasOwn(trainingMethods, method);
/** Seconds of work each: kept in order seldom, so that the time goes to many messages. */
const SLOW: ReadonlySet<string> = new Set(['lab.reach', 'lab.unrolled', 'lab.surface', 'data.openSample']);

export async function fuzzGateway(options: GatewayFuzz): Promise<GatewayTally> {
  const host = openHost(options);
  const tally: GatewayTally = { answered: 0, refused: 0, byCode: {} };
  try {
    await host.ready;
    let next = options.first;
    const end = options.first + options.count;
    const work = async (): Promise<void> => {
      while (next < end) {
        const number = next++;
        await host.tell(number, tally);
        if ((number + 1) % 500 === 0) options.onProgress?.(number + 1 - options.first);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await host.close();
  }
  if (host.deaths.length > 0) throw new Error(`The engine died: ${host.deaths.join('; ')}\n${host.recent.join('\n')}`);
  if (Object.hasOwn(Object.prototype, 'isAdmin')) throw new Error('A message reached the prototype of all objects');
  return tally;
}

interface Host {
  readonly ready: Promise<void>;
  readonly deaths: string[];
  readonly recent: string[];
  tell(number: number, tally: GatewayTally): Promise<void>;
  close(): Promise<void>;
}

function openHost({ seed, places, folder }: GatewayFuzz): Host {
  const known = new Pool();
  const deaths: string[] = [];
  const recent: string[] = [];
  let setReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (setReady = resolve));
  const hear = ({ event, body }: EventEnvelope): void => {
    known.learn(body);
    if (event !== 'engine.state') return;
    const { state } = body as { readonly state: string };
    if (state === 'ready') setReady();
    if (state === 'restarting' || state === 'failed') deaths.push(state);
  };
  const engines: Engines = new Engines({
    start: (role) => nodeEngine(withinFolders(engineProgram(places, `${folder}/data`, role), folder), process.execPath),
    onEvent: (event) => gateway.publish(event),
    log: (line) => {
      recent.push(line);
      if (line.includes('died')) deaths.push(line);
    },
  });
  const gateway = new Gateway({
    host: 'browser',
    ask: (method, body) => engines.ask(method, body),
    // What asks the system for a panel or a browser: nothing is opened here.
    hostAnswers: {
      'system.openMicrophoneSettings': () => Promise.resolve({ isOpened: false }),
      'system.openPaper': () => Promise.resolve({ isOpened: false }),
      'system.openFolder': () => Promise.resolve({ isOpened: false, place: '' }),
      'system.openCaptions': () => Promise.resolve({ isOpened: false }),
      'liveFile.open': () => Promise.resolve({ file: null }),
      'liveFile.append': () => Promise.reject(new UnrollError('liveFile.unknown')),
      'liveFile.close': () => Promise.resolve({}),
      'files.retry': async ({ fileId }) => ({ fileId }),
      ...updateAnswers(null),
      'watching.get': () => Promise.resolve({ watched: null, canChoose: false }),
      'watching.choose': () => Promise.resolve({ watched: null, canChoose: false }),
      'watching.rest': () => Promise.resolve({ watched: null, canChoose: false }),
      'watching.stop': () => Promise.resolve({ watched: null, canChoose: false }),
      'watching.take': () => Promise.resolve({ file: null }),
      'watching.read': () => Promise.resolve({ bytes: new Uint8Array(0) }),
      'system.startEngine': () => Promise.resolve({}),
      'system.report': () => Promise.resolve({ text: '' }),
    },
    log: (line) => recent.push(line),
  });
  const clients = Array.from({ length: WINDOWS }, () => gateway.connect(hear));
  engines.start();

  const tell = async (number: number, tally: GatewayTally): Promise<void> => {
    const random = makeRandom(seed * 1_000_003 + number);
    const message = messageOf(number, random, known.all);
    recent.push(`${number} ${described(message)}`);
    recent.splice(0, recent.length - 40);
    const reply = await inTime(gateway.handle(choice(random, clients), message), () => described(message));
    checkReply(reply, number, message, tally);
    if (reply.isOk) known.learn(reply.body);
  };
  return { ready, deaths, recent, tell, close: () => engines.stop() };
}

/** A message as a window might say it, or as none would. */
function messageOf(number: number, random: Random, known: readonly string[]): unknown {
  const method = choice(random, NAMES);
  const body = valueOf(methods[method].request, random, known);
  // A run or a race in order would keep the machine learning for hours: of these only broken ones are sent.
  const isKept = !isTraining(method) && isChance(random, SLOW.has(method) ? 0.02 : 0.3);
  if (isKept) return envelope(number, method, body, random);
  let broken = isChance(random, 0.1) ? hostileValue(random) : mutated(body, random);
  for (let more = integer(random, 0, 2); more > 0; more--) broken = mutated(broken, random);
  if ((isTraining(method) || SLOW.has(method)) && methods[method].request.safeParse(broken).success) broken = null;
  return envelope(number, method, broken, random);
}

/** Every message is answered; a refusal has its reason. */
function checkReply(reply: ReplyEnvelope, number: number, message: unknown, tally: GatewayTally): void {
  const isWhole = typeof message === 'object' && message !== null && 'id' in message && message.id === number;
  if (isWhole && reply.id !== number) throw new Error(`Expected an answer to ${number}, but got one to ${reply.id}`);
  if (reply.isOk) {
    tally.answered++;
    return;
  }
  tally.refused++;
  tally.byCode[reply.error.code] = (tally.byCode[reply.error.code] ?? 0) + 1;
  if (reply.error.message === '' || reply.error.code === 'engine.fault')
    throw new Error(`Message ${number} was answered by ${JSON.stringify(reply.error)}: ${described(message)}`);
}

async function inTime<A>(work: Promise<A>, what: () => string): Promise<A> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${HANG_MS / 1000} s to ${what()}`)), HANG_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function described(message: unknown): string {
  const seen = new WeakSet<object>();
  const text = JSON.stringify(message, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (ArrayBuffer.isView(value)) return `${Object.prototype.toString.call(value)} of ${value.byteLength} bytes`;
    if (typeof value === 'object' && value !== null) {
      if (seen.has(value)) return 'seen already';
      seen.add(value);
    }
    return value;
  });
  return (text ?? String(message)).slice(0, 600);
}

/** Identifiers of what comes with the product, and the newest of those that the engine told. */
class Pool {
  #told: string[] = [];

  get all(): readonly string[] {
    return [...SHIPPED, ...this.#told];
  }

  learn(body: unknown, depth = 0): void {
    if (depth > 5 || typeof body !== 'object' || body === null || ArrayBuffer.isView(body)) return;
    for (const [key, value] of Object.entries(body).slice(0, 20)) {
      if (typeof value !== 'string') this.learn(value, depth + 1);
      else if (IS_ABOUT_ONE.test(key) && IDENTIFIER.test(value) && !this.#told.includes(value))
        this.#told = [...this.#told.slice(1 - MOST_KNOWN), value];
    }
  }
}
