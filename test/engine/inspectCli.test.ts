// unroll inspect as a shell runs it.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectionSchema } from '../../app/contract/inspection';
import { LIGHT, lines, onlyLine, sound, soundsFolder, unroll, withBuiltCommand } from './builtCommand';
import { readNpz } from './inspection/npzReader';

withBuiltCommand();

describe('unroll inspect', () => {
  it('writes every activation with its shape, and the text that transcribe reads', async () => {
    const out = join(soundsFolder(), 'seen');
    const outcome = await unroll('inspect', sound('one.wav'), ...LIGHT, '--out', out, '--json');
    expect([outcome.code, lines(outcome.stderr)]).toEqual([0, []]);
    const arrays = readNpz(await fs.readFile(join(out, 'activations.npz')));
    const { file, text, utterances, emissions, ...description } = JSON.parse(
      await fs.readFile(join(out, 'text.json'), 'utf8'),
    ) as Record<string, unknown>;
    const { steps, frames, layers } = inspectionSchema.omit({ handle: true }).parse(description);
    const names = layers.flatMap(({ activations }) => activations.map(({ name }) => `layer0.forward.${name}.npy`));
    expect([...arrays.keys()]).toEqual([...names, 'posteriors.npy', 'features.npy', 'logMel.npy']);
    expect(arrays.get('layer0.forward.forgetGate.npy')!.shape).toEqual([steps, 12]);
    expect(arrays.get('features.npy')!.shape).toEqual([frames, 6]);
    expect([...arrays.get('layer0.forward.forgetGate.npy')!.values].every((value) => value >= 0 && value <= 1)).toBe(
      true,
    );
    const transcribed = onlyLine(await unroll('transcribe', sound('one.wav'), ...LIGHT, '--json')) as { text: string };
    expect([file, text]).toEqual([sound('one.wav'), transcribed.text]);
    expect((utterances as unknown[]).length * (emissions as unknown[]).length).toBeGreaterThan(0);
    expect(onlyLine(outcome)).toMatchObject({ file, out, text });
  });

  it('writes chosen layers alone, and says which there are', async () => {
    const out = join(soundsFolder(), 'chosen');
    const chosen = await unroll('inspect', sound('two.wav'), ...LIGHT, '--out', out, '--layers', '0');
    expect(chosen.code).toBe(0);
    expect(lines(chosen.stdout)).toContainEqual(expect.stringMatching(/^layer0\.forward\.cell {2}\[\d+, 12\]$/));
    const refused = await unroll('inspect', sound('two.wav'), ...LIGHT, '--out', out, '--layers', '1');
    expect(refused.code).toBe(2);
    expect(lines(refused.stderr)).toEqual(['--layers: the model has no layer 1. Its layers are 0.']);
  });

  it('leaves nothing behind where the sound cannot be read', async () => {
    const out = join(soundsFolder(), 'none');
    const outcome = await unroll('inspect', sound('bad.wav'), ...LIGHT, '--out', out);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('bad.wav');
    await expect(fs.access(out)).rejects.toThrow();
  });
});
