import { describe, expect, test } from 'vitest';
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
