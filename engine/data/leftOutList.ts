// What was left out, by reason: every case is counted, the first few are named.
import {
  leftOutReasonSchema,
  MAX_EXAMPLES,
  type LeftOutExample,
  type LeftOutGroup,
  type LeftOutReason,
} from '../../app/contract/dataset';

export class LeftOutList {
  readonly #groups = new Map<LeftOutReason, { count: number; examples: LeftOutExample[] }>();

  add(reason: LeftOutReason, example: LeftOutExample): void {
    const group = this.#groups.get(reason) ?? { count: 0, examples: [] };
    group.count += 1;
    if (group.examples.length < MAX_EXAMPLES) group.examples.push(example);
    this.#groups.set(reason, group);
  }

  /** In the order of the reasons. */
  groups(): LeftOutGroup[] {
    return leftOutReasonSchema.options.flatMap((reason) => {
      const group = this.#groups.get(reason);
      return group === undefined ? [] : [{ reason, ...group }];
    });
  }
}
