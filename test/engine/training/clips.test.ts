import { expect, it } from 'vitest';
import { starterConfig } from '../../../app/starterConfig';
import { quietClips } from '../../../engine/training/clips';
import { trainingConfigSchema } from '../../../engine/training/config';

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
