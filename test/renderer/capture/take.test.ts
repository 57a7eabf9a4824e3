import { expect, test } from 'vitest';
import { toFloat } from '../../../app/audio/samples';
import { UnrollError } from '../../../app/errors';
import { mockBridge } from '../../../renderer/bridge/mockBridge';
import { TakeRecorder } from '../../../renderer/capture/takeRecorder';
import { fakeSource } from '../support/fakeSource';
import { testSound } from '../support/sound';
import { takeEngine } from '../support/takeEngine';

const of = { setId: 'one', prompt: 'four', speaker: 'A' };
const sound = testSound(2);

function setUp(rateHz = 16_000) {
  const bridge = mockBridge();
  const engine = takeEngine(bridge);
  const microphone = fakeSource(rateHz);
  let isFull = false;
  const recorder = new TakeRecorder(bridge, of, { onLevel: () => undefined, onFull: () => (isFull = true) });
  return { bridge, engine, microphone, recorder, isFull: () => isFull };
}

test('a take reaches the engine as it was spoken, with speaker and device', async () => {
  const { bridge, engine, microphone, recorder } = setUp();
  await recorder.start(microphone.open);
  microphone.hear(toFloat(sound));
  const take = await recorder.stop();
  expect(take.pcm).toEqual(sound);
  expect(engine.pcmOf(take.takeId)).toEqual(sound);
  expect(bridge.bodiesOf('data.takeStart')).toEqual([{ ...of, device: 'Test microphone' }]);
  expect(microphone.isHeld()).toBe(false);
});

test('an engine that goes away in the middle costs nothing: the take is sent again whole', async () => {
  const { engine, microphone, recorder } = setUp();
  await recorder.start(microphone.open);
  microphone.hear(toFloat(sound.slice(0, 16_000)));
  await expect.poll(() => engine.samples()).toBeGreaterThan(0);
  engine.fail(new UnrollError('engine.restarting'));
  microphone.hear(toFloat(sound.slice(16_000)));
  const stopped = recorder.stop();
  engine.fail(null);
  const take = await stopped;
  expect(engine.pcmOf(take.takeId)).toEqual(sound);
});

test('an error that a person must know of is told when the take stops', async () => {
  const { bridge, microphone, recorder } = setUp();
  bridge.answer('data.takeChunk', () => {
    throw new UnrollError('disk.full');
  });
  await recorder.start(microphone.open);
  microphone.hear(toFloat(sound));
  await expect(recorder.stop()).rejects.toThrow(/disk/i);
});

test('after a minute no more is taken', async () => {
  const { microphone, recorder, isFull } = setUp();
  await recorder.start(microphone.open);
  microphone.hear(new Float32Array(16_000 * 61).fill(0.1));
  expect(isFull()).toBe(true);
  const { pcm } = await recorder.stop();
  expect(pcm.length).toBe(16_000 * 60);
});

test('sound of another rate comes to the engine at 16 kHz', async () => {
  const { microphone, recorder } = setUp(48_000);
  await recorder.start(microphone.open);
  microphone.hear(new Float32Array(96_000).fill(0.25));
  const { pcm } = await recorder.stop();
  expect(pcm.length).toBe(32_000);
  expect(pcm[16_000]).toBeCloseTo(0.25 * 32_768, -2);
});
