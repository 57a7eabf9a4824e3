// The sound of anything that can be looked into, to be played.
import type { InspectedSound } from '../../../app/contract/inspection';
import { RECORDING_SAMPLE_RATE_HZ } from '../../../app/contract/messages';
import type { Bridge } from '../../bridge/bridge';
import type { ReadSound } from '../../capture/spanPlayer';

const sampleAt = (ms: number): number => Math.max(0, Math.round((ms * RECORDING_SAMPLE_RATE_HZ) / 1000));

/** 16 kHz mono between two moments; of a data set's row the first minute can be had. */
export function soundPieces(bridge: Bridge, sound: InspectedSound): ReadSound {
  return async (fromMs, untilMs) => {
    const [firstSample, end] = [sampleAt(fromMs), sampleAt(untilMs)];
    switch (sound.kind) {
      case 'recording': {
        const { recordingId } = sound;
        const body = { recordingId, firstSample, samples: end - firstSample };
        return (await bridge.request('recordings.audio', body)).pcm;
      }
      case 'sample': {
        const { sampleId } = sound;
        return (await bridge.request('samples.audio', { sampleId })).pcm.slice(firstSample, end);
      }
      case 'row': {
        const { setId, rowId } = sound;
        return (await bridge.request('data.audio', { setId, rowId })).pcm.slice(firstSample, end);
      }
    }
  };
}
