// What each method that looks inside a network asks of the engine's parts.
import { join } from 'node:path';
import { MAX_INSPECTED_MS, type InspectedSound } from '../../app/contract/inspection';
import { RECORDING_SAMPLE_RATE_HZ, type EventOf, type RequestOf } from '../../app/contract/messages';
import { stepMsOf } from '../../app/contract/model';
import { plainText } from '../../app/contract/recognition';
import { unreachable } from '../../app/errors';
import type { DataSets } from '../data/dataSets';
import { alignRows } from '../inspection/alignment';
import { describeLayers } from '../inspection/describeLayers';
import { Inspections } from '../inspection/inspections';
import { LiveWatch } from '../inspection/liveWatch';
import { stepCount } from '../network/stack';
import { askReach, askSaliency, differenceOf } from '../inspection/questions';
import { selectUnits } from '../inspection/selection';
import type { ListedSound } from '../inspection/listedSound';
import { Surveys } from '../inspection/surveys';
import { weightStatistics } from '../network/weightStatistics';
import type { Recordings } from '../library/recordings';
import type { Samples } from '../library/samples';
import type { Listener } from '../listen/listener';
import type { OpenModel } from '../listen/openModel';
import type { Emit, ListeningHandlers } from './dispatcher';

type InspectionMethodName = Extract<keyof ListeningHandlers, `inspection.${string}`>;
type InspectionHandlers = Pick<ListeningHandlers, InspectionMethodName>;

export interface SoundShelves {
  readonly recordings: Pick<Recordings, 'audio' | 'get'>;
  readonly samples: Pick<Samples, 'audio'>;
  readonly sets: Pick<DataSets, 'audio' | 'rows'>;
}

/** One sample more than may be looked into tells that a recording is too long, and no more of it is read. */
const MOST_SAMPLES = (MAX_INSPECTED_MS * RECORDING_SAMPLE_RATE_HZ) / 1000 + 1;

/** 16 kHz mono. @throws UnrollError where it is not there or cannot be read */
async function soundOf({ recordings, samples, sets }: SoundShelves, sound: InspectedSound): Promise<Int16Array> {
  switch (sound.kind) {
    case 'recording':
      return (await recordings.audio(sound.recordingId, 0, MOST_SAMPLES)).pcm;
    case 'sample':
      return samples.audio(sound.sampleId);
    case 'row':
      return sets.audio(sound.setId, sound.rowId);
    default:
      return unreachable(sound);
  }
}

export interface InspectionRoomOptions {
  /** The person's folder. */
  readonly data: string;
  readonly emit: Emit;
  readonly onBug: (error: unknown) => void;
}

const ROWS_AT_ONCE = 500;

/** The sounds of a survey with their names; rows that the person left out are not among them. */
async function soundsOf(
  { recordings, sets }: SoundShelves,
  of: RequestOf<'inspection.survey'>['of'],
): Promise<readonly ListedSound[]> {
  switch (of.kind) {
    case 'set': {
      const { setId } = of;
      const sounds: ListedSound[] = [];
      for (let [first, total] = [0, 1]; first < total; first += ROWS_AT_ONCE) {
        const page = await sets.rows(setId, first, ROWS_AT_ONCE);
        total = page.total;
        for (const { rowId, name, text, isLeftOut } of page.rows)
          if (!isLeftOut) sounds.push({ sound: { kind: 'row', setId, rowId }, name, text, said: text });
      }
      return sounds;
    }
    case 'sounds':
      return Promise.all(
        of.sounds.map(async (sound) => {
          if (sound.kind !== 'recording') return { sound, name: '', text: '', said: null };
          const { title, transcripts } = await recordings.get(sound.recordingId);
          const utterances = transcripts.at(-1)?.utterances ?? [];
          const text = plainText(utterances);
          // A text that nobody went over is what a network read, not what was said.
          const isMended = utterances.some(({ words }) => words.some(({ correction }) => correction !== undefined));
          return { sound, name: title, text, said: isMended ? text : null };
        }),
      );
    default:
      return unreachable(of);
  }
}

export interface InspectionRoom {
  readonly inspections: Inspections;
  readonly surveys: Surveys;
  readonly openModel: (modelId: string) => Promise<OpenModel>;
  readonly onLive: (event: EventOf<'inspection.live'>) => void;
  readonly onBug: (error: unknown) => void;
  /** Ends everything that is under way. */
  close(): Promise<void>;
}

export async function openInspections(
  { data, emit, onBug }: InspectionRoomOptions,
  shelves: SoundShelves,
  openModel: (modelId: string) => Promise<OpenModel>,
): Promise<InspectionRoom> {
  const common = {
    folder: join(data, 'inspections'),
    soundOf: (sound: InspectedSound) => soundOf(shelves, sound),
    openModel,
    onBug,
  };
  const inspections = await Inspections.open({
    ...common,
    onProgress: (event) => emit('inspection.progress', event),
  });
  const surveys = new Surveys({
    ...common,
    soundsOf: (of) => soundsOf(shelves, of),
    onSurvey: (event) => emit('inspection.survey', event),
  });
  const close = async (): Promise<void> => {
    await surveys.cancelAll();
    await inspections.closeAll();
  };
  return { inspections, surveys, openModel, close, onBug, onLive: (event) => emit('inspection.live', event) };
}

export function makeInspectionHandlers(
  { inspections, surveys, openModel, onLive, onBug }: InspectionRoom,
  listener: Pick<Listener, 'watch'>,
): InspectionHandlers {
  return {
    'inspection.watch': async ({ streamId, series }) => {
      let fromStep = 0;
      const { manifest } = await listener.watch(streamId, (model, framesBefore) => {
        fromStep = stepCount(model.manifest.network, framesBefore);
        return series.length === 0 ? null : new LiveWatch({ streamId, model, series, framesBefore, onLive, onBug });
      });
      return { fromStep, stepMs: stepMsOf(manifest), layers: describeLayers(manifest.network) };
    },
    'inspection.open': (body) => inspections.begin(body),
    'inspection.close': async ({ handle }) => {
      await inspections.close(handle);
      return {};
    },
    'inspection.text': ({ handle }) => inspections.get(handle).text(),
    'inspection.matrix': ({ handle, ...place }) => inspections.get(handle).matrix(place),
    'inspection.peaks': ({ handle, ...place }) => inspections.get(handle).peaks(place),
    'inspection.audio': ({ handle, firstSample, samples }) => ({
      pcm: inspections.get(handle).pcm.slice(firstSample, firstSample + samples),
    }),
    'inspection.values': ({ handle, step }) => inspections.get(handle).values(step),
    'inspection.order': (body) => inspections.order(body),
    'inspection.whatIf': (body) => inspections.whatIf(body),
    'inspection.select': async ({ handle, ...question }) => ({
      units: await selectUnits(inspections.get(handle), question),
    }),
    'inspection.survey': async (body) => ({ surveyId: await surveys.begin(body) }),
    'inspection.surveyed': async ({ surveyId }) => ({ result: await surveys.result(surveyId) }),
    'inspection.cancelSurvey': async ({ surveyId }) => {
      await surveys.cancel(surveyId);
      return {};
    },
    'inspection.difference': async ({ handle, other }) => ({
      steps: await differenceOf(inspections.get(handle), inspections.get(other)),
    }),
    'inspection.saliency': ({ handle, ...question }) => askSaliency(inspections.get(handle), question),
    'inspection.reach': ({ handle, ...question }) => askReach(inspections.get(handle), question),
    'inspection.weights': async ({ modelId }) => ({
      parameters: weightStatistics((await openModel(modelId)).parameters),
    }),
    'inspection.align': async ({ handle, source, other, otherSource }) => {
      const sides = [inspections.get(handle).rows(source), inspections.get(other).rows(otherSource)] as const;
      return alignRows(...(await Promise.all(sides)));
    },
  };
}
