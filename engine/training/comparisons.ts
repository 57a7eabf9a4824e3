// Recognisers side by side: each hears the same recordings of a data set, one model after the other.
import type { MeasuredModel } from '../../app/contract/models';
import type { EventOf, RequestOf } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { newId } from '../library/recordingFiles';
import type { OpenModel } from '../listen/openModel';
import { evaluateOpen, type EvaluatedRow } from './evaluate';

export interface ComparisonsOptions {
  readonly openModel: (modelId: string) => Promise<OpenModel>;
  /** Those of one part, or of all; none that the person left out. */
  readonly rowsOf: (setId: string, part: RequestOf<'models.compare'>['part']) => Promise<readonly EvaluatedRow[]>;
  readonly onComparing: (event: EventOf<'models.comparing'>) => void;
  readonly onBug: (error: unknown) => void;
}
interface Comparison {
  readonly ending: AbortController;
  readonly measured: Promise<MeasuredModel[]>;
}

export class Comparisons {
  readonly #options: ComparisonsOptions;
  readonly #underWay = new Map<string, Comparison>();

  constructor(options: ComparisonsOptions) {
    this.#options = options;
  }

  /** @throws UnrollError what keeps a model or the set from being read; dataset.noPart where nothing is in it */
  async begin({ modelIds, setId, part, decoding }: RequestOf<'models.compare'>): Promise<string> {
    const { openModel, rowsOf, onBug } = this.#options;
    const models: OpenModel[] = [];
    for (const modelId of modelIds) models.push(await openModel(modelId));
    const rows = await rowsOf(setId, part);
    if (rows.length === 0) throw new UnrollError('comparison.noRows');
    const comparisonId = newId();
    const ending = new AbortController();
    const measured = this.#measure(comparisonId, models, rows, { decoding, signal: ending.signal });
    measured.catch((error: unknown) => {
      if (!(error instanceof UnrollError)) onBug(error);
    });
    this.#underWay.set(comparisonId, { ending, measured });
    return comparisonId;
  }

  /** Waits for the end. @throws UnrollError comparison.closed where it was cancelled, or told already; dataset.unreadable */
  async result(comparisonId: string): Promise<MeasuredModel[]> {
    const comparison = this.#underWay.get(comparisonId);
    if (comparison === undefined) throw new UnrollError('comparison.closed');
    try {
      return await comparison.measured;
    } finally {
      this.#underWay.delete(comparisonId);
    }
  }

  async cancel(comparisonId: string): Promise<void> {
    const comparison = this.#underWay.get(comparisonId);
    this.#underWay.delete(comparisonId);
    comparison?.ending.abort(new UnrollError('comparison.closed'));
    await comparison?.measured.catch(() => undefined); // told to whoever waits for it
  }

  async cancelAll(): Promise<void> {
    await Promise.all([...this.#underWay.keys()].map((comparisonId) => this.cancel(comparisonId)));
  }

  async #measure(
    comparisonId: string,
    models: readonly OpenModel[],
    rows: readonly EvaluatedRow[],
    { decoding, signal }: { readonly decoding: RequestOf<'models.compare'>['decoding']; readonly signal: AbortSignal },
  ): Promise<MeasuredModel[]> {
    const of = models.length * rows.length;
    let done = 0;
    const tell = (): void => this.#options.onComparing({ comparisonId, done: ++done, of });
    const measured: MeasuredModel[] = [];
    for (const model of models) {
      let leftOut = 0;
      const onLeftOut = (): void => {
        leftOut++;
        tell();
      };
      const decoder = model.decoderFor(decoding);
      const evaluation = await evaluateOpen(model, rows, { decoder, signal, onUtterance: tell, onLeftOut });
      const { wer, cer, intervals, sentencesExact, realTimeFactor, utterances } = evaluation;
      const told = { wer, cer, sentencesExact, realTimeFactor, utterances, leftOut };
      measured.push({ modelId: model.manifest.id, ...told, ...intervalsOf(intervals) });
    }
    return measured;
  }
}

const intervalsOf = ({ wer, cer }: Awaited<ReturnType<typeof evaluateOpen>>['intervals']) => ({
  werInterval: wer === null ? null : ([wer[0], wer[1]] as [number, number]),
  cerInterval: cer === null ? null : ([cer[0], cer[1]] as [number, number]),
});
