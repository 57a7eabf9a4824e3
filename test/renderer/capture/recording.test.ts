import { describe, expect, test, vi } from 'vitest';
import { toFloat } from '../../../app/audio/samples';
import { UnrollError } from '../../../app/errors';
import { extractFeatures } from '../../../app/features/frontEnd';
import { openFeatureWorker } from '../../../renderer/capture/featureStream';
import { Recorder } from '../../../renderer/capture/recorder';
import type { RecorderState } from '../../../renderer/capture/recorderState';
import type { RecordingSummary } from '../../../app/contract/recording';
import { fakeSource } from '../support/fakeSource';
import { FRONT_END, scriptedEngine } from '../support/scriptedEngine';
import { testSound } from '../support/sound';

function setUp() {
  const engine = scriptedEngine({ words: [] });
  const microphone = fakeSource();
  const states: RecorderState['kind'][] = [];
  const hearing: boolean[] = [];
  const finished: RecordingSummary[] = [];
  const recorder = new Recorder(engine.bridge, openFeatureWorker, {
    onState: ({ kind }) => states.push(kind),
    onSource: () => undefined,
    onChunk: () => undefined,
    onStored: () => undefined,
    onStream: () => undefined,
    onHearing: (isHeard) => hearing.push(isHeard),
    onFinished: ({ recording: recording }) => finished.push(recording),
  });
  const record = () =>
    recorder.record({ modelId: 'digits', frontEnd: FRONT_END, source: 'microphone', open: microphone.open });
  return { engine, microphone, recorder, record, states, hearing, finished };
}
const sound = testSound(3);
const samples = toFloat(sound);
const third = samples.length / 3;
const part = (index: number): Float32Array => samples.slice(index * third, (index + 1) * third);

const SOON = { timeout: 20_000 };

describe('a recording', () => {
  test('reaches the engine whole, with the features of the whole sound', async () => {
    const { engine, microphone, recorder, record, finished } = setUp();
    await record();
    microphone.hear(samples);
    await recorder.stop();
    expect(engine.pcm()).toEqual(sound);
    expect(engine.frames()).toEqual(extractFeatures(sound, FRONT_END).frames);
    expect(finished).toHaveLength(1);
  });

  test('lets the microphone go when it stops', async () => {
    const { microphone, recorder, record, states } = setUp();
    await record();
    microphone.hear(part(0));
    expect(microphone.isHeld()).toBe(true);
    await recorder.stop();
    expect(microphone.isHeld()).toBe(false);
    expect(states).toEqual(['asking', 'recording', 'finishing', 'idle']);
  });

  test('lets the microphone go while it rests, and goes on in the same recording', async () => {
    const { engine, microphone, recorder, record } = setUp();
    await record();
    microphone.hear(part(0));
    await recorder.pause();
    expect(microphone.isHeld()).toBe(false);
    await recorder.resume();
    microphone.hear(part(1));
    await recorder.stop();
    expect(engine.bridge.bodiesOf('listen.start')).toHaveLength(1);
    expect(engine.pcm()).toEqual(sound.slice(0, 2 * third));
  });

  test('loses nothing when the engine dies, and is heard from where its disk ends', async () => {
    const { engine, microphone, recorder, record, hearing } = setUp();
    await record();
    microphone.hear(part(0));
    await vi.waitFor(() => expect(engine.pcm().length).toBe(third), SOON);
    engine.die();
    microphone.hear(part(1));
    await vi.waitFor(() => expect(hearing).toEqual([true, false]), SOON);
    engine.comeBack();
    microphone.hear(part(2));
    await recorder.stop();
    expect(engine.bridge.bodiesOf('listen.resume')).toHaveLength(1);
    expect(engine.pcm()).toEqual(sound);
    expect(engine.frames()).toEqual(extractFeatures(sound, FRONT_END).frames);
  });

  test('has its marks said at once, and again to an engine that died before it knew them', async () => {
    const { engine, microphone, recorder, record } = setUp();
    const said = () => engine.bridge.bodiesOf('listen.mark');
    await record();
    microphone.hear(part(0));
    await vi.waitFor(() => expect(engine.pcm().length).toBe(third), SOON);
    recorder.mark([400]);
    await vi.waitFor(() => expect(said()).toEqual([{ streamId: 'stream-1', marks: [400] }]), SOON);
    engine.die();
    recorder.mark([400, 900]);
    engine.comeBack();
    await recorder.stop();
    expect(said().at(-1)).toEqual({ streamId: 'stream-2', marks: [400, 900] });
  });

  test('ends well when the engine dies while the last word is heard', async () => {
    const { engine, microphone, recorder, record, finished } = setUp();
    await record();
    microphone.hear(samples);
    engine.die();
    const stopped = recorder.stop();
    engine.comeBack();
    await stopped;
    expect(engine.pcm()).toEqual(sound);
    expect(finished).toHaveLength(1);
  });

  test('sends one message at a time', async () => {
    const { engine, microphone, recorder, record } = setUp();
    let inFlight = 0;
    let most = 0;
    let onDisk = 0;
    engine.bridge.answer('listen.chunk', async ({ pcm }) => {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inFlight -= 1;
      onDisk += pcm.length;
      return { samplesOnDisk: onDisk, bytesOnDisk: 2 * onDisk };
    });
    await record();
    microphone.hear(samples);
    await recorder.stop();
    expect([most, onDisk]).toEqual([1, samples.length]);
  });

  test('rests when the microphone is unplugged, and keeps what was said', async () => {
    const { engine, microphone, recorder, record } = setUp();
    await record();
    microphone.hear(part(0));
    microphone.unplug();
    await vi.waitFor(() => expect(recorder.state).toEqual({ kind: 'paused', reason: 'noMicrophone' }), SOON);
    await recorder.stop();
    expect(engine.pcm()).toEqual(sound.slice(0, third));
  });

  test('stops with a reason when the engine cannot go on', async () => {
    const { engine, microphone, recorder, record } = setUp();
    engine.bridge.answer('listen.chunk', () => {
      throw new UnrollError('disk.full', { seconds: 3 });
    });
    await record();
    microphone.hear(part(0));
    await vi.waitFor(
      () =>
        expect(recorder.state).toMatchObject({ kind: 'failed', error: { code: 'disk.full', params: { seconds: 3 } } }),
      SOON,
    );
    expect(microphone.isHeld()).toBe(false);
  });

  test('is not begun where the microphone is refused', async () => {
    const { engine, microphone, recorder, record } = setUp();
    microphone.refuse('denied');
    await record();
    expect(recorder.state).toEqual({ kind: 'noMicrophone', reason: 'denied' });
    expect(engine.bridge.bodiesOf('listen.start')).toHaveLength(0);
  });
});
