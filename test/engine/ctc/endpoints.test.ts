// Where lines of text end is the person's to say, for best path and for beam search alike.
import { expect, test } from 'vitest';
import { DEFAULT_ENDPOINTS, type Endpoints } from '../../../app/contract/decoding';
import { linesOf, openText } from '../../../engine/ctc/transcribe';
import { logitsOfPath } from './logits';
import { CLASSES, manifest, pathOf } from './manifest';

const DECODERS = ['greedy', 'beam'] as const;

/** How many lines two words are, with so many frames of 10 ms between them. */
function linesWith(decoder: (typeof DECODERS)[number], blanks: number, rules: Partial<Endpoints>): number {
  const path = pathOf(`o{3}n{3}e{3} {3}_{${blanks}}n{3}o{3}_{9}`);
  const text = openText(manifest, decoder, { ...DEFAULT_ENDPOINTS, ...rules });
  const { settled } = text.push(logitsOfPath(path, CLASSES, 0.999), path.length);
  return linesOf([...settled, ...text.finish().settled], text).length;
}

test.each(DECODERS)('a pause as long as was chosen begins a new line: %s', (decoder) => {
  expect(linesWith(decoder, 100, {})).toBe(1);
  expect(linesWith(decoder, 100, { silenceAfterWordsMs: 600 })).toBe(2);
  expect(linesWith(decoder, 200, {})).toBe(2);
  expect(linesWith(decoder, 200, { silenceAfterWordsMs: 5_000 })).toBe(1);
});

test.each(DECODERS)('a line longer than was chosen ends: %s', (decoder) => {
  const patient = { silenceAfterWordsMs: 10_000 };
  expect(linesWith(decoder, 400, { ...patient })).toBe(1);
  expect(linesWith(decoder, 400, { ...patient, maxUtteranceMs: 2_000 })).toBe(2);
});
