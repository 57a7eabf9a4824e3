// What the window is shown of a run, read from disk by the engine that is always warm. Nothing is written here.
import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import { MAX_FILE_BYTES, RECORDING_SAMPLE_RATE_HZ, type ReplyOf } from '../../app/contract/messages';
import type { TextLabelConfig } from '../../app/contract/labelConfig';
import type { NetworkSpec } from '../../app/contract/network';
import { MAX_SKIPPED, MAX_WEIGHT_EPOCHS } from '../../app/contract/runs';
import { isTextConfig } from '../../app/contract/textRuns';
import { UnrollError } from '../../app/errors';
import { decodeAudio } from '../data/audioFile';
import { alphabetFrom } from '../data/dataset';
import { readNamedFile } from '../data/namedFile';
import { isMissing } from '../library/recordingFiles';
import type { Runs } from '../library/runs';
import { networkParts } from '../network/parts';
import { networkSpecFor } from '../training/networkSpec';
import { epochRecordSchema, hearingsRecordSchema, weightsRecordSchema, type Hearings } from '../training/records';
import { textRun } from '../training/textRun';
import { HEARINGS_FILE, METRICS_FILE, WEIGHTS_FILE } from '../training/runFolder';
import { runEpoch } from './learnRun';
import { readRunRows } from './runRows';
import { readRunTexts } from './textFiles';
import { damagedLine, parsed, StepLog } from './stepLog';

/** Runs whose steps are kept in memory: those that are compared. */
const MOST_LOGS = 8;
const MAX_HEARING_SAMPLES = 60 * RECORDING_SAMPLE_RATE_HZ;
/** Lines that were sent before are told by their beginning, and not read again. */
const EPOCH_OF_LINE = /^\{"epoch":(\d+),/;
const NO_HEARINGS: Hearings = { epoch: 0, hearings: [] };

export class RunReader {
  readonly #runs: Runs;
  /** The one used last is the last. */
  readonly #logs = new Map<string, StepLog>();

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  async list(): Promise<ReplyOf<'runs.list'>> {
    return { runs: await this.#runs.list() };
  }

  /** @throws UnrollError run.missing, run.damaged, and as readRunRows */
  async open(id: string): Promise<ReplyOf<'runs.open'>> {
    const [run, config] = await Promise.all([this.#runs.get(id), this.#runs.config(id)]);
    if (isTextConfig(config)) return { run, config, parts: await this.#partsOfTexts(id, config) };
    const rows = config.vocabulary === null ? await readRunRows(this.#runs.folder(id)) : [];
    const alphabet = alphabetFrom(rows, config);
    return { run, config, parts: partsOf(networkSpecFor(config, config.frontEnd, alphabet)) };
  }

  async #partsOfTexts(id: string, config: TextLabelConfig): Promise<ReplyOf<'runs.open'>['parts']> {
    return partsOf(textRun(config, await readRunTexts(this.#runs.folder(id))).model.network);
  }

  /** @throws UnrollError run.missing, run.damaged */
  async steps(id: string, first: number, count: number): Promise<ReplyOf<'runs.steps'>> {
    return (await this.#log(id)).steps(first, count);
  }

  /** @throws UnrollError run.missing, run.damaged */
  async skipped(id: string): Promise<ReplyOf<'runs.skipped'>> {
    return { steps: await (await this.#log(id)).skipped(MAX_SKIPPED) };
  }

  async #log(id: string): Promise<StepLog> {
    await this.#runs.get(id);
    const log = this.#logs.get(id) ?? new StepLog(this.#runs.folder(id));
    this.#logs.delete(id);
    this.#logs.set(id, log);
    for (const old of [...this.#logs.keys()].slice(0, -MOST_LOGS)) this.#logs.delete(old);
    return log;
  }

  /** @throws UnrollError run.missing, run.damaged */
  async epochs(id: string): Promise<ReplyOf<'runs.epochs'>> {
    await this.#runs.get(id);
    const folder = this.#runs.folder(id);
    const text = (await textOf(join(folder, METRICS_FILE))) ?? '';
    // What comes after the last line's end is being written.
    const epochs = text
      .split('\n')
      .slice(0, -1)
      .map((line, index) => {
        const epoch = epochRecordSchema.safeParse(parsed(line)).data;
        if (epoch === undefined) throw damagedLine(folder, METRICS_FILE, index + 1);
        return runEpoch(epoch);
      });
    return { epochs };
  }

  /** @throws UnrollError run.missing, run.damaged */
  async weights(id: string, afterEpoch: number): Promise<ReplyOf<'runs.weights'>> {
    await this.#runs.get(id);
    const folder = this.#runs.folder(id);
    const text = (await textOf(join(folder, WEIGHTS_FILE))) ?? '';
    const epochs = text
      .split('\n')
      .slice(0, -1)
      .map((line, index) => ({ line, number: index + 1 }))
      .filter(({ line }) => !(Number(EPOCH_OF_LINE.exec(line)?.[1]) <= afterEpoch))
      .slice(0, MAX_WEIGHT_EPOCHS)
      .map(({ line, number }) => {
        const weights = weightsRecordSchema.safeParse(parsed(line)).data;
        if (weights === undefined) throw damagedLine(folder, WEIGHTS_FILE, number);
        const { epoch, parameters } = weights;
        return { epoch, parameters: parameters.map((each) => ({ ...each, counts: Int32Array.from(each.counts) })) };
      });
    return { epochs };
  }

  /** @throws UnrollError run.missing, run.damaged */
  async hearings(id: string): Promise<ReplyOf<'runs.hearings'>> {
    const { epoch, hearings } = await this.#hearings(id);
    return { epoch, hearings: hearings.map(({ path: _path, ...hearing }) => hearing) };
  }

  /** @throws UnrollError run.missing, run.damaged, recording.missing, and as readNamedFile and decodeAudio */
  async hearingAudio(id: string, hearing: number): Promise<ReplyOf<'runs.hearingAudio'>> {
    const path = (await this.#hearings(id)).hearings[hearing]?.path ?? null;
    if (path === null) throw new UnrollError('recording.missing', { recording: String(hearing) });
    const pcm = await decodeAudio(await readNamedFile(path, MAX_FILE_BYTES), basename(path));
    return { pcm: pcm.slice(0, MAX_HEARING_SAMPLES) };
  }

  async #hearings(id: string): Promise<Hearings> {
    await this.#runs.get(id);
    const folder = this.#runs.folder(id);
    const text = await textOf(join(folder, HEARINGS_FILE));
    if (text === null) return NO_HEARINGS;
    const hearings = hearingsRecordSchema.safeParse(parsed(text)).data;
    if (hearings === undefined) throw damagedLine(folder, HEARINGS_FILE, 1);
    return hearings;
  }
}

const partsOf = (spec: NetworkSpec): ReplyOf<'runs.open'>['parts'] =>
  networkParts(spec).map(({ layer, parameters }) => ({
    layer,
    parameters: parameters.reduce((sum, { count }) => sum + count, 0),
  }));

/** Null where it is not there. */
async function textOf(path: string): Promise<string | null> {
  try {
    return await fs.readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
