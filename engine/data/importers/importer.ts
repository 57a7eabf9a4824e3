// What every importer is: it tells its format, and makes recordings with texts of what it finds.
import type { ImportFormat, LeftOutExample, LeftOutReason } from '../../../app/contract/dataset';
import type { ErrorParams } from '../../../app/errors';
import type { Source } from './source';

/** A stretch of a longer recording. */
export interface Segment {
  readonly startSeconds: number;
  /** Null: to the end. */
  readonly endSeconds: number | null;
}
/** A recording that a format names; whether its sound is there and can be read is not yet known. */
export interface Candidate {
  readonly kind: 'candidate';
  /** Absolute. */
  readonly path: string;
  readonly transcript: string;
  readonly speaker: string | null;
  readonly corpus: string | null;
  readonly segment: Segment | null;
  /** For sentences about it. */
  readonly place: Place;
}
export type Place = Pick<LeftOutExample, 'file' | 'line'>;
export interface LeftOut {
  readonly kind: 'leftOut';
  readonly reason: LeftOutReason;
  readonly example: LeftOutExample;
}
export type Entry = Candidate | LeftOut;

/** How surely a format is told: by what only it has, or by how files lie, which others may share. */
export type Certainty = 'certain' | 'likely';
export interface Detection {
  readonly certainty: Certainty;
  /** Relative to the source: the file that told, or one of those that did. */
  readonly file: string;
}

export interface Importer {
  readonly format: ImportFormat;
  /** Null where the source does not have this form. Looks at names and first lines alone. */
  detect(source: Source): Promise<Detection | null>;
  /**
   * Everything the format names, in its order, with what it cannot take. Sound is not opened.
   * @throws UnrollError where a list as a whole cannot be read
   */
  read(source: Source): AsyncIterable<Entry>;
}

export const leftOut = (reason: LeftOutReason, place: Place, params: ErrorParams = {}): LeftOut => ({
  kind: 'leftOut',
  reason,
  example: { ...place, params },
});

/** A recording without segment, speaker and corpus, but for what is given. */
export const candidate = (given: Pick<Candidate, 'path' | 'transcript' | 'place'> & Partial<Candidate>): Candidate => ({
  kind: 'candidate',
  speaker: null,
  corpus: null,
  segment: null,
  ...given,
});
