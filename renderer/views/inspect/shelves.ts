// The places where many sounds stand together: the library, the samples, every data set.
import type { DataSet } from '../../../app/contract/dataSets';
import type { InspectedSound } from '../../../app/contract/inspection';
import type { RecordingSummary } from '../../../app/contract/recording';
import { counted, t } from '../../i18n/messages.svelte';
import type { Samples } from './samples.svelte';
import type { Shelf } from './subject';

/** As many sounds as one question takes. */
const MOST_SOUNDS = 1_000;

export interface NamedShelf {
  /** Stays the same while the shelf is there. */
  readonly id: string;
  readonly name: string;
  readonly shelf: Shelf;
}

interface Shelved {
  readonly recordings: readonly RecordingSummary[];
  readonly samples: Samples['all'];
  readonly sets: readonly DataSet[];
}

/** Those that hold something: data sets first, since they are made to be asked. */
export function shelvesOf({ recordings, samples, sets }: Shelved): NamedShelf[] {
  const sounds = (id: 'library' | 'samples', all: readonly InspectedSound[]): NamedShelf[] =>
    all.length === 0
      ? []
      : [
          {
            id,
            name: counted(`inspect.shelf.${id}`, all.length),
            shelf: { kind: 'sounds', sounds: all.slice(0, MOST_SOUNDS) },
          },
        ];
  return [
    ...sets
      .filter(({ recordings: count, problem }) => count > 0 && problem === null)
      .map(({ id: setId, title, recordings: count }) => ({
        id: `set:${setId}`,
        name: t('inspect.shelf.set', { title, count }),
        shelf: { kind: 'set', setId } as const,
      })),
    ...sounds(
      'library',
      recordings.map(({ id }) => ({ kind: 'recording', recordingId: id })),
    ),
    ...sounds(
      'samples',
      samples.map(({ id }) => ({ kind: 'sample', sampleId: id })),
    ),
  ];
}
