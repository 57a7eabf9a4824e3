/** One of several counts on one ground. */
export interface Bar {
  readonly value: number;
  /** To be looked at. */
  readonly isMarked: boolean;
  /** What stands below it, or an empty text. */
  readonly tick: string;
  /** What it says when it is pointed at. */
  readonly title: string;
}
