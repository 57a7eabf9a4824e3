// Thousands of short recordings in one run of the engine.
import type { EngineProcess } from '../engine/engineProcess';
import { Speaker } from '../engine/listen/speaker';
import { residentBytes } from './longRecording';
import { SAMPLE_RATE_HZ, type EndlessSound } from './sound';

export interface ManyRecordingsOptions {
  readonly engine: EngineProcess;
  readonly sound: EndlessSound;
  readonly modelId: string;
  readonly first: number;
  readonly count: number;
  readonly onStretch?: (stretch: Stretch) => void;
}

export interface Stretch {
  readonly recordings: number;
  readonly residentBytes: number | null;
  /** From "begin" to the recording that is kept, of half a second: the mean over twenty. */
  readonly recordingMs: number;
}

const SAMPLES = SAMPLE_RATE_HZ / 2;
const ROUND = 20;

/** @throws Error where not every recording is in the list afterwards, whole */
export async function recordOften({
  engine,
  sound,
  modelId,
  first,
  count,
  onStretch,
}: ManyRecordingsOptions): Promise<readonly Stretch[]> {
  const { frontEnd } = await engine.ask('models.open', { modelId });
  const before = (await engine.ask('recordings.list', {})).total;
  const stretches: Stretch[] = [];
  let since = performance.now();
  for (let number = first; number < first + count; number++) {
    const speaker = new Speaker(frontEnd);
    const { streamId } = await engine.ask('listen.start', { modelId, source: 'microphone' });
    await engine.ask('listen.chunk', speaker.chunk(streamId, sound.read(number * SAMPLES, SAMPLES)));
    const { recording } = await engine.ask('listen.finish', speaker.tail(streamId));
    if (recording.durationMs !== 500)
      throw new Error(`Expected recording ${number} to last 500 ms, but got ${recording.durationMs}`);
    if ((number + 1 - first) % ROUND !== 0) continue;
    const recordingMs = (performance.now() - since) / ROUND;
    const stretch = { recordings: number + 1, residentBytes: await residentBytes(engine.pid), recordingMs };
    stretches.push(stretch);
    onStretch?.(stretch);
    since = performance.now();
  }
  const after = (await engine.ask('recordings.list', {})).total;
  if (after - before !== count) throw new Error(`Expected ${count} more recordings, but got ${after - before}`);
  return stretches;
}
