// Slots that a sequence of tags writes, and how many of them are right: precision, recall and F1 over whole slots, as the CoNLL
// shared tasks count (Tjong Kim Sang & Buchholz 2000; conlleval): a slot is right where its kind and both its ends are.

/** A run of steps with one meaning. */
export interface Slot {
  readonly kind: string;
  /** First step, and the one after the last. */
  readonly start: number;
  readonly end: number;
}
export interface TagPair {
  readonly reference: readonly string[];
  readonly hypothesis: readonly string[];
}
export interface SlotScores {
  /** Right slots over slots that were written; 0 where none was. */
  readonly precision: number;
  /** Right slots over slots of the references; 0 where there are none. */
  readonly recall: number;
  /** Harmonic mean of both; 1 where neither side has a slot: nothing was there and nothing was found. */
  readonly f1: number;
  /** Slots of the references. */
  readonly slots: number;
}

const OUTSIDE = 'O';
/** "B-city": where in a slot a step stands (B begins, I inside, E ends, S alone), and the slot's kind. */
const PREFIXED = /^([BIES])-(.+)$/u;

interface Place {
  readonly kind: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}
/** Null outside. A tag without such a prefix is a kind by itself: as many equal ones as follow each other are one slot. */
function placeOf(tag: string): Place | null {
  if (tag === OUTSIDE) return null;
  const [, prefix = 'I', kind = tag] = PREFIXED.exec(tag) ?? [];
  return { kind, isFirst: 'BS'.includes(prefix), isLast: 'ES'.includes(prefix) };
}

/** The slots of a sequence; I without a beginning begins one, as in conlleval. */
export function slotsOf(tags: readonly string[]): Slot[] {
  const slots: Slot[] = [];
  let open: { kind: string; start: number; isEnded: boolean } | null = null;
  const close = (end: number): void => {
    if (open !== null) slots.push({ kind: open.kind, start: open.start, end });
  };
  tags.forEach((tag, step) => {
    const place = placeOf(tag);
    const goesOn = open !== null && place !== null && !place.isFirst && !open.isEnded && place.kind === open.kind;
    if (!goesOn) {
      close(step);
      open = place === null ? null : { kind: place.kind, start: step, isEnded: false };
    }
    if (open !== null && place !== null) open.isEnded = place.isLast;
  });
  close(tags.length);
  return slots;
}

export function slotScores(pairs: readonly TagPair[]): SlotScores {
  const total = { reference: 0, hypothesis: 0, right: 0 };
  for (const pair of pairs) {
    const [reference, hypothesis] = [slotsOf(pair.reference), slotsOf(pair.hypothesis)];
    const known = new Set(reference.map(nameOf));
    total.reference += reference.length;
    total.hypothesis += hypothesis.length;
    total.right += hypothesis.filter((slot) => known.has(nameOf(slot))).length;
  }
  const { reference, hypothesis, right } = total;
  return {
    precision: right / Math.max(1, hypothesis),
    recall: right / Math.max(1, reference),
    f1: reference + hypothesis === 0 ? 1 : (2 * right) / (reference + hypothesis),
    slots: reference,
  };
}
const nameOf = ({ kind, start, end }: Slot): string => `${start} ${end} ${kind}`;
