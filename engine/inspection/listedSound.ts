// A sound of a list that a survey hears.
import type { InspectedSound } from '../../app/contract/inspection';

/** One of the sounds, as people know it. */
export interface ListedSound {
  readonly sound: InspectedSound;
  readonly name: string;
  readonly text: string;
  /** What was said, as a person wrote it down; null where nobody did. */
  readonly said: string | null;
}
