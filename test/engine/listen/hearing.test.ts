import { describe, expect, it } from 'vitest';
import { transcriptText } from '../../../app/contract/recognition';
import { extractFeatures, StreamingFrontEnd } from '../../../app/features/frontEnd';
import { utterancesFromLogits } from '../../../engine/ctc/transcribe';
import { Hearing, soundOf, transcribe } from '../../../engine/listen/hearing';
import { babble, fakeManifest, fakeOpeners, openFakeModel } from './fakeNetwork';

const SECOND = 16_000;

/** Features, logits and text of the whole at once. */
async function wholeText(pcm: Int16Array, decoder: 'greedy' | 'beam'): Promise<string> {
  const manifest = fakeManifest();
  const { frames, count } = extractFeatures(pcm, manifest.frontEnd);
  const stream = await fakeOpeners().openStream(manifest.network, new Map(), 'wasm');
  return transcriptText(utterancesFromLogits(stream.push(frames), count, manifest, decoder));
}

describe('transcribing a sound', () => {
  it.each(['greedy', 'beam'] as const)('piece by piece gives what the whole gives (%s)', async (decoder) => {
    const pcm = babble(3.3);
    const text = await wholeText(pcm, decoder);
    expect(text.length).toBeGreaterThan(10);
    expect(transcriptText(await transcribe(openFakeModel(), soundOf(pcm), { decoder }))).toBe(text);
  });

  it('tells how far it is', async () => {
    const fractions: number[] = [];
    await transcribe(openFakeModel(), soundOf(babble(2.5)), { onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions).toEqual([0.4, 0.8, 1]);
  });

  it('stops where it is told to, with the reason', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const options = { signal: stop.signal, onProgress: () => stop.abort(reason) };
    await expect(transcribe(openFakeModel(), soundOf(babble(3)), options)).rejects.toBe(reason);
  });

  it('of no sample finds no word', async () => {
    expect(await transcribe(openFakeModel(), soundOf(new Int16Array(0)))).toEqual([]);
  });

  it('does not mix two sounds that are heard at once', async () => {
    const model = openFakeModel();
    const sounds = [babble(3), babble(4).subarray(SECOND / 2)];
    const together = await Promise.all(sounds.map((pcm) => transcribe(model, soundOf(pcm))));
    for (const [index, pcm] of sounds.entries())
      expect(together[index]).toEqual(await transcribe(openFakeModel(), soundOf(pcm)));
  });
});

describe('live text of a network that reads backward', () => {
  /** All steps of a sound that comes 100 ms at a time. */
  async function stepsOf(pcm: Int16Array) {
    const model = openFakeModel('bidirectional');
    const hearing = await Hearing.open(model);
    const frontEnd = new StreamingFrontEnd(model.manifest.frontEnd);
    const steps = [];
    for (let from = 0; from < pcm.length; from += SECOND / 10) {
      steps.push(await hearing.pushLive(frontEnd.push(pcm.subarray(from, from + SECOND / 10))));
    }
    return { hearing, steps };
  }

  it('has no gap: settled words and the tail together read on from the step before', async () => {
    const { steps } = await stepsOf(babble(6));
    let settled: string[] = [];
    const lengths = steps.map((step) => {
      settled = [...settled, ...step.settled.map(({ word }) => word.text)];
      return [...settled, ...step.tail.map((word) => word.text)].join(' ').length;
    });
    // The one symbol that is still being heard may change; a word that was there stays.
    lengths.forEach((length, index) => expect(length).toBeGreaterThanOrEqual((lengths[index - 1] ?? 0) - 1));
    expect(lengths.at(-1)).toBeGreaterThan(10);
  });

  it('gives every frame its symbol', async () => {
    const { hearing, steps } = await stepsOf(babble(4));
    let known = 0;
    for (const { frames } of steps) {
      expect(frames.firstFrame).toBeLessThanOrEqual(known);
      known = Math.max(known, frames.firstFrame + frames.classes.length);
    }
    expect(known).toBe(hearing.framesTaken);
  });
});
