// How a character's confidence is shown: by the weight of a line under it, never by colour or fading.

/** 0 for no underline, else 1 to 3 pixels: none from 0.85, 1 from 0.70, 2 from 0.50, 3 below. */
export function doubtLevel(confidence: number): 0 | 1 | 2 | 3 {
  if (confidence >= 0.85) return 0;
  if (confidence >= 0.7) return 1;
  return confidence >= 0.5 ? 2 : 3;
}
