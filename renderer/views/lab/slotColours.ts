// Slots of the sentences, by the colours of series; what is no slot says nothing and is grey.
import type { SLOTS } from '../../../app/contract/labTraining';

export const SLOT_COLOURS: Readonly<Record<(typeof SLOTS)[number], string>> = {
  other: 'var(--line-strong)',
  destination: 'var(--s1)',
  origin: 'var(--s2)',
  date: 'var(--s4)',
};
