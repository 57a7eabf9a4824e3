import { describe, expect, test } from 'vitest';
import { DEFAULT_FUSION, KEPT_READINGS, type DecodingChoice } from '../../../app/contract/decoding';
import type { Utterance } from '../../../app/contract/recognition';
import { StreamingFrontEnd } from '../../../app/features/frontEnd';
import { kneserNeyModel } from '../../../engine/language/kneserNey';
import { countNgrams } from '../../../engine/language/ngramCounts';
import { Hearing, soundOf, transcribe } from '../../../engine/listen/hearing';
import { OpenModel } from '../../../engine/listen/openModel';
import { babble, fakeManifest, fakeOpeners } from './fakeNetwork';

const words = kneserNeyModel(countNgrams([['ab', 'c'], ['da']], 2));
const open = (direction: 'forward' | 'bidirectional', knows = true): OpenModel =>
  new OpenModel(
    { manifest: fakeManifest(direction), parameters: new Map() },
    'wasm',
    fakeOpeners(),
    knows ? words : null,
  );

describe('how a model is decoded', () => {
  test('is greedily without a language, unless words are boosted, and by search with one, unless told not to', () => {
    const choice = { usesLanguage: true, hotWords: [] };
    const [plain, knowing] = [open('forward', false), open('forward')];
    expect(plain.decoderFor(choice)).toBe('greedy');
    expect(plain.decoderFor({ ...choice, hotWords: ['ab'] })).not.toBe('greedy');
    expect(knowing.decoderFor()).not.toBe('greedy');
    expect(knowing.decoderFor({ ...choice, usesLanguage: false })).toBe('greedy');
    expect(plain.decoderFor({ ...choice, phrases: ['ab c'] })).toMatchObject({ known: new Set(['ab', 'c']) });
  });

  test('is as the person weighs words and the search, else as the model does', () => {
    const model = open('forward');
    const width = (choice: Partial<DecodingChoice>): number => {
      const decoder = model.decoderFor({ usesLanguage: true, hotWords: ['ab'], ...choice });
      return typeof decoder === 'string' ? NaN : decoder.beam.beamWidth;
    };
    expect(width({})).toBe(DEFAULT_FUSION.beamWidth);
    expect(width({ fusion: { alpha: 1, beta: 0, beamWidth: 7 } })).toBe(7);
  });

  test('boosts words as strongly as the person says, and keeps readings of each line', async () => {
    const model = open('forward', false);
    const pcm = babble(6);
    const read = (hotWordBoost: number) =>
      transcribe(model, soundOf(pcm), {
        decoder: model.decoderFor({ usesLanguage: false, hotWords: ['d'], hotWordBoost }),
      });
    const count = (lines: readonly Utterance[]): number =>
      lines.flatMap(({ words }) => words).filter(({ text }) => text.includes('d')).length;
    const [weak, strong] = [await read(0), await read(10)];
    expect(count(strong)).toBeGreaterThanOrEqual(count(weak));
    expect(strong).not.toEqual(weak);
    const readings = strong[0]?.readings ?? [];
    expect(readings[0]?.text).toBe(strong[0]?.words.map(({ text }) => text).join(' '));
    expect(new Set(readings.map(({ text }) => text)).size).toBe(KEPT_READINGS);
  });

  test('hears the words of the phrases alone as known ones', async () => {
    const model = open('forward', false);
    const pcm = babble(6);
    const heard = await transcribe(model, soundOf(pcm));
    const [first = ''] = heard.flatMap((line) => line.words.map(({ text }) => text));
    expect(first).not.toBe('');
    const decoder = model.decoderFor({ usesLanguage: true, hotWords: [], phrases: [first] });
    const words = (await transcribe(model, soundOf(pcm), { decoder })).flatMap((line) => line.words);
    expect(words.length).toBeGreaterThan(0);
    for (const { text, isKnown } of words) expect(isKnown).toBe(text === first);
  });

  test.each(['forward', 'bidirectional'] as const)(
    'gives the same words live as of a file, with a network that reads %s, previews between',
    async (direction) => {
      const model = open(direction);
      const decoder = model.decoderFor({ usesLanguage: true, hotWords: ['c'] });
      const pcm = babble(6);
      const whole = await transcribe(model, soundOf(pcm), { decoder });
      expect(whole.length).toBeGreaterThan(0);
      const live = await Hearing.open(model, decoder);
      const frontEnd = new StreamingFrontEnd(model.manifest.frontEnd);
      for (let first = 0; first < pcm.length; first += 1600)
        await live.pushLive(frontEnd.push(pcm.subarray(first, first + 1600)));
      await live.push(frontEnd.finish());
      await live.finish();
      expect(live.utterances).toEqual(whole);
      live.dispose();
    },
  );
});
