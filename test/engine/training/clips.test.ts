import { expect, it } from 'vitest';
import { starterConfig } from '../../../app/starterConfig';
import { requiredFrames } from '../../../engine/ctc/loss';
import { ClipSet, quietClips } from '../../../engine/training/clips';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';

it('clips in which nobody speaks have frames and nothing to learn, and are as many as their share asks for', () => {
  const { training, ...rest } = trainingConfigSchema.parse(starterConfig(['left', 'right']));
  const clips = quietClips(100, { ...rest, training: { ...training, quietShare: 0.04 } });
  expect(clips).toHaveLength(4);
  for (const { labels, copies, copyFrames } of clips) {
    expect(labels).toHaveLength(0);
    expect(copyFrames).toEqual([(copies[0]?.length ?? 0) / rest.frontEnd.coefficients]);
    expect(copyFrames[0]).toBeGreaterThan(10);
  }
});

it('clips without a frame to spare are strung with room for the separators between them', () => {
  const { frontEnd, augmentation } = trainingConfigSchema.parse(starterConfig(['left', 'right']));
  const alphabet = { symbols: [' ', 'l', 'e', 'f', 't'], wordSeparator: ' ', unknown: null };
  const frames = 4;
  const clip = {
    speaker: '',
    corpus: '',
    labels: Int32Array.of(1, 2, 3, 4),
    isUnknownOnly: false,
    copies: [new Float32Array(frames * frontEnd.coefficients)],
    copyFrames: [frames],
  };
  const clips = new ClipSet([clip], { frontEnd: { ...frontEnd, tailMs: 0 }, augmentation, alphabet, network: {} });
  const utterance = Array.from({ length: 3 }, () => ({ clip: 0, copy: 0 }));
  const example = clips.example(utterance, 1);
  expect(example.labels).toHaveLength(14);
  expect(example.frames).toBeGreaterThanOrEqual(requiredFrames(example.labels));
});

it('of a clip that breaks off less than half of each symbol is heard, and nothing is to be written for it', () => {
  const { frontEnd, augmentation } = trainingConfigSchema.parse(starterConfig(['left', 'right']));
  const alphabet = { symbols: ['left', 'right'], wordSeparator: null, unknown: null };
  const frames = 40;
  const clip = {
    speaker: '',
    corpus: '',
    labels: Int32Array.of(0, 1),
    isUnknownOnly: false,
    copies: [new Float32Array(frames * frontEnd.coefficients)],
    copyFrames: [frames],
  };
  const clips = new ClipSet([clip], {
    frontEnd: { ...frontEnd, tailMs: 0 },
    augmentation: { ...augmentation, tempo: [1, 1] },
    alphabet,
    network: {},
  });
  const lengths = Array.from({ length: 20 }, (_, seed) => {
    const { labels, frames: heard } = clips.example(
      [
        { clip: 0, copy: 0, heard: 'end' },
        { clip: 0, copy: 0 },
      ],
      seed,
    );
    expect([...labels]).toEqual([0, 1]);
    return heard - frames;
  });
  expect(Math.min(...lengths)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...lengths)).toBeLessThan(frames / 4);
});
