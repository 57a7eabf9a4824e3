// Many sounds heard through one network, one after the other, for a question about all of them.
import { join } from 'node:path';
import type { PatternMatch, SurveyResult, SurveyTask } from '../../app/contract/inspectionQuestions';
import type { EventOf, RequestOf } from '../../app/contract/messages';
import { UnrollError, unreachable } from '../../app/errors';
import { newId } from '../library/recordingFiles';
import type { OpenModel } from '../listen/openModel';
import { ConfusionSurvey } from './confusionSurvey';
import { Inspection } from './inspection';
import type { InspectionsOptions } from './inspections';
import type { ListedSound } from './listedSound';
import { matchesIn } from './patternMatches';
import { refused } from './refused';
import { UnitStatistics } from './unitStatistics';

const MOST_MATCHES = 200;

export interface SurveysOptions extends Pick<InspectionsOptions, 'folder' | 'soundOf' | 'onBug'> {
  /** @throws UnrollError model.missing, model.invalid */
  readonly openModel: (modelId: string) => Promise<OpenModel>;
  readonly soundsOf: (of: RequestOf<'inspection.survey'>['of']) => Promise<readonly ListedSound[]>;
  readonly onSurvey: (event: EventOf<'inspection.survey'>) => void;
}
interface Survey {
  readonly ending: AbortController;
  readonly result: Promise<SurveyResult>;
}

export class Surveys {
  readonly #options: SurveysOptions;
  readonly #surveys = new Map<string, Survey>();

  constructor(options: SurveysOptions) {
    this.#options = options;
  }

  /** @throws UnrollError what keeps the model or the list of sounds from being read */
  async begin({ modelId, of, task }: RequestOf<'inspection.survey'>): Promise<string> {
    const [model, sounds] = await Promise.all([this.#options.openModel(modelId), this.#options.soundsOf(of)]);
    const surveyId = newId();
    const ending = new AbortController();
    const result = this.#run(surveyId, model, sounds, task, ending.signal);
    result.catch((error: unknown) => {
      if (!(error instanceof UnrollError)) this.#options.onBug(error);
    });
    this.#surveys.set(surveyId, { ending, result });
    return surveyId;
  }

  /** Waits for the end. @throws UnrollError inspection.closed where it was cancelled, or told already */
  async result(surveyId: string): Promise<SurveyResult> {
    const survey = this.#surveys.get(surveyId);
    if (survey === undefined) throw new UnrollError('inspection.closed');
    try {
      return await survey.result;
    } finally {
      this.#surveys.delete(surveyId);
    }
  }

  async cancel(surveyId: string): Promise<void> {
    const survey = this.#surveys.get(surveyId);
    this.#surveys.delete(surveyId);
    survey?.ending.abort(new UnrollError('inspection.closed'));
    await survey?.result.catch(() => undefined); // told to whoever waits for it
  }

  async cancelAll(): Promise<void> {
    await Promise.all([...this.#surveys.keys()].map((surveyId) => this.cancel(surveyId)));
  }

  async #run(
    surveyId: string,
    model: OpenModel,
    sounds: readonly ListedSound[],
    task: SurveyTask,
    signal: AbortSignal,
  ): Promise<SurveyResult> {
    const tell = (state: EventOf<'inspection.survey'>['state'], done: number, error: unknown = null): void =>
      this.#options.onSurvey({
        surveyId,
        state,
        done,
        of: sounds.length,
        error: error instanceof UnrollError ? error.toMessage() : null,
      });
    const work = workOf(task, { model, sounds, signal });
    let [done, leftOut] = [0, 0];
    try {
      for (const listed of sounds) {
        tell('running', done);
        signal.throwIfAborted();
        if (!(await this.#take(work, model, listed, signal))) leftOut++;
        done++;
      }
    } catch (error) {
      tell(signal.aborted ? 'cancelled' : 'failed', done, signal.aborted ? null : error);
      throw error;
    }
    tell('done', done);
    return work.result(leftOut);
  }

  /** @returns false where the sound cannot be heard: it is left out */
  async #take(work: Work, model: OpenModel, listed: ListedSound, signal: AbortSignal): Promise<boolean> {
    const handle = newId();
    let inspection: Inspection;
    try {
      const pcm = await this.#options.soundOf(listed.sound);
      if (work.takes === 'sounds') {
        await work.hear(pcm, listed);
        return true;
      }
      inspection = await Inspection.open({ handle, pcm, model, path: join(this.#options.folder, handle) });
    } catch (error) {
      if (error instanceof UnrollError) return false;
      throw error;
    }
    const stop = (): void => void inspection.close();
    signal.addEventListener('abort', stop);
    try {
      await work.add(inspection, listed);
      return true;
    } finally {
      signal.removeEventListener('abort', stop);
      await inspection.close();
    }
  }
}

/** What is done with each sound: looked into, or only heard. */
type Work = { result(leftOut: number): SurveyResult } & (
  | { readonly takes: 'inspections'; add(inspection: Inspection, listed: ListedSound): Promise<void> }
  | { readonly takes: 'sounds'; hear(pcm: Int16Array, listed: ListedSound): Promise<void> }
);
interface Heard {
  readonly model: OpenModel;
  readonly sounds: readonly ListedSound[];
  readonly signal: AbortSignal;
}
function workOf(task: SurveyTask, heard: Heard): Work {
  switch (task.kind) {
    case 'statistics':
      return new UnitStatistics();
    case 'matches':
      return new Matches(task);
    case 'confusions':
      return new ConfusionSurvey(heard);
    default:
      return unreachable(task);
  }
}

class Matches {
  readonly takes = 'inspections';
  readonly #found: PatternMatch[] = [];
  #sounds = 0;

  constructor(private readonly task: Extract<SurveyTask, { readonly kind: 'matches' }>) {}

  async add(inspection: Inspection, { sound, name, text }: ListedSound): Promise<void> {
    const { stepMs, durationMs, layers } = inspection.description;
    for (const { layer } of this.task.units) if (layer >= layers.length) throw refused(`There is no layer ${layer}.`);
    for (const place of await matchesIn(inspection, this.task)) {
      const [fromMs, toMs] = [place.fromStep * stepMs, place.toStep * stepMs].map((ms) => Math.min(durationMs, ms));
      this.#found.push({ sound, name, text, ...place, fromMs: fromMs!, toMs: toMs! });
    }
    this.#sounds++;
  }
  result(leftOut: number): SurveyResult {
    const matches = this.#found.sort((a, b) => b.score - a.score).slice(0, MOST_MATCHES);
    return { kind: 'matches', sounds: this.#sounds, leftOut, matches };
  }
}
