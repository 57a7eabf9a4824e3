// What a network takes for what in three sounds, worked out by hand.
import type { Confusions } from '../../../app/contract/confusions';

/** "no" was read as "yes" once, "yes" was left out once; "go" was put in once. */
export const confusions = (): Confusions => ({
  kind: 'confusions',
  ...{ sounds: 3, leftOut: 0, withoutText: 1 },
  clips: ['yes no', 'yes no', 'yes'].map((said, rowId) => ({
    sound: { kind: 'row', setId: 'small', rowId },
    ...{ name: `clip-${rowId}.wav`, said, read: ['yes yes', 'no', 'yes go'][rowId]!, durationMs: 2_000 },
  })),
  symbols: null,
  words: {
    items: ['go', 'no', 'yes'],
    distinct: 3,
    // Said: go, no, yes, nothing; read: go, no, yes, left out.
    counts: Int32Array.of(0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 2, 1, 1, 0, 0, 0),
    places: Int32Array.of(
      6,
      0,
      900,
      1_200,
      5,
      1,
      400,
      800,
      10,
      0,
      100,
      400,
      10,
      2,
      100,
      400,
      11,
      1,
      0,
      400,
      12,
      2,
      900,
      1_000,
    ),
    scores: Float32Array.of(0, 0, 0.5, 0, 0.75, 0.25, 0.875, 0, 0.625),
    isThere: Uint8Array.of(0, 0, 0, 1, 1, 0, 1, 1, 1),
    scoredBy: 'confidence',
  },
});
