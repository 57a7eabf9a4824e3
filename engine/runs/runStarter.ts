// What comes before a run: how long it will take, at which rate it should learn, and its beginning.
import type { ReplyOf, RequestOf } from '../../app/contract/messages';
import type { Rung } from '../../app/contract/rung';
import type { RunStatus } from '../../app/contract/runs';
import { isTagged } from '../../app/contract/textTask';
import { parameterCount } from '../network/parameters';
import { textRun } from '../training/textRun';
import { alphabetFrom } from '../data/dataset';
import { sourcesOf } from '../data/soundSources';
import type { Recogniser } from '../library/modelFiles';
import { checkTaught, configFrom } from '../training/prepareRun';
import { findModelRate, keepStart } from '../training/trainModel';
import { adviceOn } from './advice';
import { expectedSeconds } from './expectedTime';
import { NewestOnly } from './newestOnly';
import { rowsToLearn } from './rowsToLearn';
import type { RunQueue } from './runQueue';
import { writeRunRows } from './runRows';
import { rowsToLearn as textsToLearn, sourceOf, writeRunTexts } from './textFiles';

export interface RunStarterOptions {
  readonly queue: RunQueue;
  /** The data folder's sets. */
  readonly sets: string;
  /** Models to begin with. @throws UnrollError model.missing, model.invalid */
  readonly openModel: (id: string) => Promise<Recogniser>;
  /** Features that runs share. */
  readonly cache: string;
  readonly rung: Rung;
}

export class RunStarter {
  readonly #options: RunStarterOptions;
  #isEnding = false;
  readonly #expected: NewestOnly<Parameters<typeof expectedSeconds>, number | null>;

  constructor(options: RunStarterOptions) {
    this.#options = options;
    this.#expected = new NewestOnly((question) => expectedSeconds(...question));
  }

  /** @throws UnrollError as rowsToLearn; model.missing, model.invalid where it begins with a model */
  async expectedTime({
    setId,
    config: asked,
    fromModelId,
  }: RequestOf<'runs.expectedTime'>): Promise<ReplyOf<'runs.expectedTime'>> {
    const rows = await rowsToLearn(this.#options.sets, setId);
    const from = await this.#model(fromModelId);
    const config = from === null ? asked : configFrom(asked, from);
    return { seconds: await this.#expected.ask([rows, config, this.#options]) };
  }

  /** @throws UnrollError as expectedTime, and training.fromMisfit, run.tooMany */
  async start({ setId, config: asked, ...run }: RequestOf<'runs.start'>): Promise<RunStatus> {
    const rows = await rowsToLearn(this.#options.sets, setId);
    const from = await this.#model(run.fromModelId);
    const config = from === null ? asked : configFrom(asked, from);
    const { parameters } = adviceOn(rows, config, from?.manifest ?? null);
    checkTaught(config, alphabetFrom(rows, config));
    const addFiles = async (folder: string): Promise<void> => {
      await writeRunRows(folder, rows);
      if (from !== null) await keepStart(folder, from);
    };
    return this.#options.queue.start({ ...run, setId, config, parameters, addFiles });
  }

  /** @throws UnrollError as sourceOf and textRun, and run.tooMany */
  async startText({ name, task, files, config }: RequestOf<'runs.startText'>): Promise<RunStatus> {
    if (isTagged(task) !== (config.task === 'tagText'))
      throw new Error(`Expected a configuration for ${task}, but got one for ${config.task}`);
    const rows = textsToLearn(sourceOf(task, files));
    const parameters = parameterCount(textRun(config, rows).model.network);
    const addFiles = (folder: string): Promise<void> => writeRunTexts(folder, rows);
    return this.#options.queue.start({ name, task, setId: null, fromModelId: null, config, parameters, addFiles });
  }

  /** @throws UnrollError as start */
  async findRate({ setId, config, fromModelId }: RequestOf<'runs.findRate'>): Promise<ReplyOf<'runs.findRate'>> {
    const rows = await rowsToLearn(this.#options.sets, setId);
    const from = await this.#model(fromModelId);
    const { cache, rung, sets } = this.#options;
    const sources = await sourcesOf(sets, config.augmentation);
    const find = { isEnough: () => this.#isEnding };
    const found = await findModelRate(config, rows, { cache, rung, sources, from, find });
    if (found === null) throw new Error('Expected the search to be over, since nobody pauses it');
    return { points: [...found.points], suggestion: found.suggestion };
  }

  /** A search under way ends with the step at hand. */
  end(): void {
    this.#isEnding = true;
  }

  async #model(id: string | null): Promise<Recogniser | null> {
    return id === null ? null : this.#options.openModel(id);
  }
}
