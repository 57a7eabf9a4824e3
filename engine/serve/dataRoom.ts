// What the engine has for data sets, put together: the sets, what is on its way into them, and the recordings that become rows.
import { join } from 'node:path';
import type { DataRow } from '../../app/contract/dataSets';
import type { ReplyOf, RequestOf } from '../../app/contract/messages';
import { transcriptText } from '../../app/contract/recognition';
import { UnrollError } from '../../app/errors';
import { DataSets } from '../data/dataSets';
import { Exports } from '../data/exports';
import { PromptTakes } from '../data/promptTakes';
import { openSampleSet } from '../data/setImport';
import { sourcesOf } from '../data/soundSources';
import { storedText } from '../data/transcriptText';
import { Uploads } from '../data/uploads';
import type { ModelShelf } from '../library/modelShelf';
import type { Recordings } from '../library/recordings';
import { soundOf, transcribe } from '../listen/hearing';
import type { OpenModel } from '../listen/openModel';
import { splitWords } from '../metrics/errorRates';
import { disturbRow } from '../training/disturbedRow';
import type { Emit } from './dispatcher';

export interface DataRoomOptions {
  /** The person's folder, and the product's. */
  readonly data: string;
  readonly assets: string;
  readonly emit: Emit;
  readonly models: Pick<ModelShelf<OpenModel>, 'defaults' | 'open'>;
  readonly recordings: Pick<Recordings, 'get' | 'copySound'>;
  readonly log: (line: string) => void;
}

export interface DataRoom {
  readonly sets: DataSets;
  readonly uploads: Uploads;
  readonly exports: Exports;
  readonly takes: PromptTakes;
  disturb(row: RequestOf<'data.disturb'>): Promise<ReplyOf<'data.disturb'>>;
  openSample(): ReturnType<typeof openSampleSet>;
  /** @throws UnrollError dataset.noText, dataset.missing, recording.missing, recording.damaged */
  addRecording(recording: RequestOf<'data.addRecording'>): Promise<DataRow>;
  /** Takes under way are safe on disk. */
  close(): Promise<void>;
}

/** @throws UnrollError dataset.missing, dataset.rowMissing, file.missing, audio.unreadable and the like */
async function disturb(
  room: string,
  sets: DataSets,
  { setId, rowId, augmentation, seed }: RequestOf<'data.disturb'>,
): Promise<ReplyOf<'data.disturb'>> {
  const { row, bytes } = await sets.sound(setId, rowId);
  return disturbRow(bytes, row, { augmentation, sources: await sourcesOf(room, augmentation), seed });
}

export async function openDataRoom(options: DataRoomOptions): Promise<DataRoom> {
  const { data, assets, emit, recordings } = options;
  const onChanged = (setIds: readonly string[]): void => emit('data.changed', { setIds: [...setIds] });
  const folder = join(data, 'sets');
  const sets = await DataSets.open(folder, { onChanged });
  const uploads = await Uploads.open({
    ...{ folder: join(data, 'staged'), sets },
    onProgress: (event) => emit('data.importing', event),
  });
  const exports = await Exports.open({
    ...{ folder: join(data, 'packed'), sets },
    onProgress: (event) => emit('data.exporting', event),
  });
  const hear = (pcm: Int16Array, prompt: string): Promise<string | null> => heardIn(options, pcm, prompt);
  const takes = await PromptTakes.open({ folder: join(data, 'takes'), sets, hear });
  return {
    sets,
    uploads,
    exports,
    takes,
    disturb: (row) => disturb(folder, sets, row),
    openSample: () => openSampleSet(sets, join(assets, 'sampleSet')),
    addRecording: (recording) => addRecording(sets, recordings, recording),
    close: () => takes.close(),
  };
}

/** Where the model tells its words and knows none of the prompt's, what it hears says nothing about the take. */
async function heardIn({ models, log }: DataRoomOptions, pcm: Int16Array, prompt: string): Promise<string | null> {
  try {
    const live = (await models.defaults())?.live;
    if (live === undefined) return null;
    const model = await models.open(live);
    const known = new Set(model.manifest.card.words);
    if (known.size > 0 && !splitWords(prompt.toLowerCase()).some((word) => known.has(word))) return null;
    return transcriptText(await transcribe(model, soundOf(pcm)));
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    log(error.code); // a model that cannot be used is no fault of the take
    return null;
  }
}

/** A clip of its own, so that the recording may go; added anew, its row has the newest text. */
async function addRecording(
  sets: DataSets,
  recordings: DataRoomOptions['recordings'],
  { setId, recordingId, modelId }: RequestOf<'data.addRecording'>,
): Promise<DataRow> {
  const { transcripts } = await recordings.get(recordingId);
  const utterances = transcripts.find((each) => each.modelId === modelId)?.utterances ?? [];
  const transcript = storedText(transcriptText(utterances));
  if (transcript === '') throw new UnrollError('dataset.noText');
  const row = { transcript, speaker: null, corpus: null, device: null, isLeftOut: false };
  return sets.put(setId, `recording-${recordingId}.wav`, row, (path) => recordings.copySound(recordingId, path));
}
