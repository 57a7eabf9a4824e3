// What the models that come with the program make of sound that is no speech.
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toInt16 } from '../../../app/audio/samples';
import { isSure } from '../../../app/contract/recognition';
import { readRecogniser } from '../../../engine/library/modelFiles';
import { soundOf, transcribe } from '../../../engine/listen/hearing';
import { OpenModel } from '../../../engine/listen/openModel';
import { makeRandom } from '../../../engine/runtime/random';

const MODELS = resolve(import.meta.dirname, '../../../assets/models');
const RATE_HZ = 16_000;
const SECONDS = 4;
/** Below this score the window gives a letter its strongest mark of doubt. */
const DOUBTED_BELOW = 0.5;

const wave = (hz: number, seconds: number): number => Math.sin(2 * Math.PI * hz * seconds);
const random = makeRandom(7);
/** Full scale is 1; at `seconds` from the beginning. */
const sounds: Readonly<Record<string, (seconds: number) => number>> = {
  silence: () => 0,
  'a tone of 120 Hz': (t) => wave(120, t),
  'a tone of 440 Hz': (t) => wave(440, t),
  'a tone of 1 kHz': (t) => wave(1_000, t),
  'a tone of 3 kHz': (t) => wave(3_000, t),
  beeps: (t) => (t % 0.6 < 0.3 ? wave(1_000, t) : 0),
  'the hum of the mains': (t) => 0.7 * wave(50, t) + 0.3 * wave(150, t),
  'a rising tone': (t) => wave(100 + 200 * t, t),
  clicks: (t) => (t % 0.5 < 0.005 ? 1 : 0),
  'white noise': () => 2 * random() - 1,
};

/** Taken for speech all the same: beeps, which were not among the sounds without speech when these weights were trained. */
const FAULTS: Readonly<Record<string, readonly string[]>> = { 'accurate: beeps': ['r'], 'live: beeps': ['r'] };

describe.each(['accurate', 'live', 'digits'])('the bundled model %s', (id) => {
  let model: OpenModel;
  beforeAll(async () => {
    model = new OpenModel(await readRecogniser(join(MODELS, id)), 'compiled');
  });
  afterAll(() => model.dispose());

  it.each(Object.entries(sounds))('reads no word that it does not doubt in %s, quiet or loud', async (name, at) => {
    const believed = new Set<string>();
    for (const amplitude of [0.01, 0.05, 0.4]) {
      const samples = Float32Array.from({ length: SECONDS * RATE_HZ }, (_, i) => amplitude * at(i / RATE_HZ));
      const utterances = await transcribe(model, soundOf(toInt16(samples)));
      const words = utterances.flatMap(({ words: line }) => line).filter(isSure);
      for (const { text, confidence } of words) if (confidence >= DOUBTED_BELOW) believed.add(text);
    }
    expect([...believed]).toEqual(FAULTS[`${id}: ${name}`] ?? []);
  });
});
