// What each method that looks inside a network asks of the engine's parts.
import { join } from 'node:path';
import { MAX_INSPECTED_MS, type InspectedSound } from '../../app/contract/inspection';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { unreachable } from '../../app/errors';
import type { DataSets } from '../data/dataSets';
import { alignRows } from '../inspection/alignment';
import { Inspections } from '../inspection/inspections';
import type { InspectedModel } from '../inspection/inspection';
import { askReach, askSaliency, differenceOf } from '../inspection/questions';
import { selectUnits } from '../inspection/selection';
import type { Recordings } from '../library/recordings';
import type { Samples } from '../library/samples';
import type { Emit, ListeningHandlers } from './dispatcher';

type InspectionMethodName = Extract<keyof ListeningHandlers, `inspection.${string}`>;
type InspectionHandlers = Pick<ListeningHandlers, InspectionMethodName>;

export interface SoundShelves {
  readonly recordings: Pick<Recordings, 'audio'>;
  readonly samples: Pick<Samples, 'audio'>;
  readonly sets: Pick<DataSets, 'audio'>;
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

export interface InspectionsRoom {
  /** The person's folder. */
  readonly data: string;
  readonly emit: Emit;
  readonly onBug: (error: unknown) => void;
}

export function openInspections(
  { data, emit, onBug }: InspectionsRoom,
  shelves: SoundShelves,
  openModel: (modelId: string) => Promise<InspectedModel>,
): Promise<Inspections> {
  return Inspections.open({
    folder: join(data, 'inspections'),
    soundOf: (sound) => soundOf(shelves, sound),
    openModel,
    onProgress: (event) => emit('inspection.progress', event),
    onBug,
  });
}

export function makeInspectionHandlers(inspections: Inspections): InspectionHandlers {
  return {
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
    'inspection.difference': async ({ handle, other }) => ({
      steps: await differenceOf(inspections.get(handle), inspections.get(other)),
    }),
    'inspection.saliency': ({ handle, ...question }) => askSaliency(inspections.get(handle), question),
    'inspection.reach': ({ handle, ...question }) => askReach(inspections.get(handle), question),
    'inspection.align': async ({ handle, source, other, otherSource }) => {
      const sides = [inspections.get(handle).rows(source), inspections.get(other).rows(otherSource)] as const;
      return alignRows(...(await Promise.all(sides)));
    },
  };
}
