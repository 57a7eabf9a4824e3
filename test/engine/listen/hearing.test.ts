import { describe, expect, it } from 'vitest';
import { transcriptText } from '../../../app/contract/recognition';
import { extractFeatures } from '../../../app/features/frontEnd';
import { utterancesFromLogits } from '../../../engine/ctc/transcribe';
import { soundOf, transcribe } from '../../../engine/listen/hearing';
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
