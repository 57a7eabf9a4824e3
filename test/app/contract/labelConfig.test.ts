import { describe, expect, it } from 'vitest';
import { fieldReason } from '../../../app/fieldReason';
import { anyConfigSchema } from '../../../app/contract/labelConfig';
import { starterConfig } from '../../../app/starterConfig';

const about = { id: 'a', name: { en: 'A', zh: '甲' }, understands: { en: 'A.', zh: '甲。' } };
const lstm = { cell: 'lstm', units: 4, direction: 'forward' };
const training = { epochs: 1, learningRate: 0.01 };
const text = { kind: 'letterNGrams' };
const tags = { task: 'tagText', ...about, text, network: { layers: [lstm] }, training };
const judging = { ...tags, task: 'classifyText', network: { layers: [lstm], head: 'meanPool' } };
const { vocabulary: _, ...speech } = starterConfig(['yes', 'no']);
const keywords = { ...speech, task: 'classifySound', network: { layers: [lstm], head: 'lastStep' } };

const refusal = (config: unknown) => {
  const { error } = anyConfigSchema.safeParse(config);
  if (error === undefined) throw new Error('Expected a refusal');
  const { path, params } = fieldReason(error, config);
  return [path, params.reason];
};

describe('a configuration', () => {
  it('is of speech to text where it names no task', () => {
    const config = starterConfig(['yes', 'no']);
    expect(anyConfigSchema.parse(config)).toEqual(anyConfigSchema.parse({ ...config, task: undefined }));
    expect(anyConfigSchema.parse({ ...config, task: 'transcribe' })).toMatchObject({ vocabulary: ['yes', 'no'] });
  });

  it('of texts reads words, and of tags what stands between spaces', () => {
    expect(anyConfigSchema.parse(judging)).toMatchObject({ text: { unit: 'word', n: 3, minCount: 2 } });
    expect(anyConfigSchema.parse(tags)).toMatchObject({ text: { unit: 'spaced' }, training: { classWeights: null } });
    expect(anyConfigSchema.parse(keywords)).toMatchObject({ network: { head: 'lastStep' } });
  });

  it.each<[string, unknown, string, string]>([
    ['of an unknown task', { ...tags, task: 'translate' }, 'task', 'reason.field.choice'],
    [
      'of speech with weights',
      { ...starterConfig(['a']), training: { ...training, classWeights: 'balanced' } },
      'training.classWeights',
      'reason.training.classWeightsCtc',
    ],
    [
      'of a label from every step',
      { ...judging, network: { layers: [lstm], head: 'framewise' } },
      'network.head',
      'reason.field.choice',
    ],
    ['of a text that is heard', { ...judging, frontEnd: speech.frontEnd }, 'frontEnd', 'reason.field.extra'],
    [
      'of labels with a flat start',
      { ...judging, training: { ...training, flatStart: { epochs: 1 } } },
      'training.flatStart',
      'reason.field.extra',
    ],
    [
      'of tags in parts that are read backward',
      {
        ...tags,
        network: { layers: [{ ...lstm, direction: 'bidirectional' }] },
        training: { ...training, truncation: { steps: 4 } },
      },
      'training.truncation',
      'reason.training.truncationReverse',
    ],
    ['of tags together without their order', { ...tags, tagLoss: 'text' }, 'tagLoss', 'reason.training.togetherOrder'],
    [
      'of tags together that are smoothed',
      { ...tags, tagLoss: 'text', tagOrder: 1, training: { ...training, labelSmoothing: 0.1 } },
      'tagLoss',
      'reason.training.togetherPlain',
    ],
    [
      'of one label with a teacher',
      {
        ...judging,
        network: {
          head: 'lastStep',
          layers: [{ cell: 'jordan', units: 4, outputs: 2, direction: 'forward', teacherForcing: true }],
        },
      },
      'network.layers.0.teacherForcing',
      'reason.training.teacherForcingOnce',
    ],
  ])('%s is refused', (_what, config, path, reason) => {
    expect(refusal(config)).toEqual([path, reason]);
  });
});
