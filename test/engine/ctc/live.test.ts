import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recognisedSchema, transcriptText } from '../../../app/contract/recognition';
import { LiveText, type LiveStep } from '../../../engine/ctc/live';
import { utterancesFromLogits } from '../../../engine/ctc/transcribe';
import { utterancesOf, type SettledWord } from '../../../engine/ctc/words';
import { eachChunk, logitsOfPath, noisyLogits, someSizes } from './logits';
import { BLANK, CLASSES, manifest, pathOf } from './manifest';

const push = (live: LiveText, text: string): LiveStep => {
  const path = pathOf(text);
  return live.push(logitsOfPath(path, CLASSES), path.length);
};
const texts = (settled: readonly SettledWord[]): string[] => settled.map(({ word }) => word.text);

describe('live text', () => {
  it('shows the open word as the tail', () => {
    expect(push(new LiveText(manifest), '_on').tail.map((word) => word.text)).toEqual(['on']);
  });

  it('settles a word as soon as the separator sounds', () => {
    const step = push(new LiveText(manifest), 'one ');
    expect([texts(step.settled), step.tail]).toEqual([['one'], []]);
  });

  it('settles a word after enough blank', () => {
    const live = new LiveText(manifest);
    expect(texts(push(live, 'one_{28}').settled)).toEqual([]);
    expect(texts(push(live, '_').settled)).toEqual(['one']);
  });

  it('settles the word before unknown speech and shows that as the tail', () => {
    const step = push(new LiveText(manifest), 'no?');
    expect(texts(step.settled)).toEqual(['no']);
    expect(step.tail).toMatchObject([{ text: '', isKnown: false }]);
  });

  it('marks the first word after an endpoint', () => {
    const live = new LiveText(manifest);
    push(live, 'one _{200}');
    expect(push(live, 'ten ').settled.map(({ startsLine }) => startsLine)).toEqual([true]);
  });

  it('settles everything at the end', () => {
    const live = new LiveText(manifest);
    push(live, 'ten');
    const step = live.finish();
    expect([texts(step.settled), step.tail]).toEqual([['ten'], []]);
  });

  it('counts frames from push to push', () => {
    const live = new LiveText(manifest);
    push(live, 'on');
    const { frames } = push(live, 'e_');
    expect([frames.firstFrame, ...frames.classes]).toEqual([2, 0, BLANK]);
  });

  it('makes valid events', () => {
    const live = new LiveText(manifest);
    for (const step of [push(live, '_one ?_{40}te'), live.finish()])
      expect(recognisedSchema.safeParse({ streamId: 'a', lagMs: 0, ...step }).error).toBeUndefined();
  });

  it('equals the text of the whole file, for any chunks', () => {
    fc.assert(
      fc.property(noisyLogits(CLASSES, 30, 40), someSizes, (logits, sizes) => {
        const live = new LiveText(manifest);
        const settled: SettledWord[] = [];
        eachChunk(logits, CLASSES, sizes, (chunk, n) => settled.push(...live.push(chunk, n).settled));
        settled.push(...live.finish().settled);
        expect(utterancesOf(settled)).toEqual(utterancesFromLogits(logits, logits.length / CLASSES, manifest));
      }),
      { numRuns: 200 },
    );
  });
});

describe('text of whole logits', () => {
  const path = pathOf('_one__ten_{40}no _{150}? no');
  const logits = logitsOfPath(path, CLASSES, 0.99);

  it('has words and lines', () => {
    expect(transcriptText(utterancesFromLogits(logits, path.length, manifest))).toBe('one ten no\nno');
  });

  it('is the same by beam search where the network is certain', () => {
    const greedy = utterancesFromLogits(logits, path.length, manifest, 'greedy');
    expect(transcriptText(utterancesFromLogits(logits, path.length, manifest, 'beam'))).toBe(transcriptText(greedy));
  });

  it('is empty where there are no frames', () => {
    expect(utterancesFromLogits(new Float32Array(0), 0, manifest)).toEqual([]);
  });
});
