// Experiments on a network while it hears.
import { describe, expect, test } from 'vitest';
import type { Intervention } from '../../../app/contract/inspectionQuestions';
import type { LayerSpec, NetworkSpec } from '../../../app/contract/network';
import { LOGITS } from '../../../engine/inspection/activations';
import { changesOf, clampable } from '../../../engine/inspection/stepChanges';
import { traceStep } from '../../../engine/inspection/stepTrace';
import { initialParameters } from '../../../engine/network/initialise';
import { STACKS, VARIANTS } from '../network/cellStacks';
import { expectClose, makeBatch } from '../network/fixtures';
import { record, type Recorded } from './recorded';

const T = 20;
const networkOf = (layer: LayerSpec, depth = 1): NetworkSpec => ({
  inputSize: 3,
  layers: new Array<LayerSpec>(depth).fill(layer),
  dropout: 0,
  head: { kind: 'ctc', classes: 4 },
});
function hear(spec: NetworkSpec, interventions: readonly Intervention[], frames = T): Promise<Recorded> {
  const { features } = makeBatch(spec, [T], T);
  const options = { spec, parameters: initialParameters(spec, 5), steps: frames };
  return record(
    { ...options, changes: (place) => changesOf(interventions, place) },
    features.slice(0, frames * spec.inputSize),
  );
}
const LSTM: LayerSpec = { cell: 'lstm', units: 4, direction: 'forward' };
const everywhere = { layer: 0, direction: 'forward', fromStep: 0, toStep: T } as const;
const column = (values: Float32Array, width: number, unit: number): number[] =>
  Array.from({ length: values.length / width }, (_, t) => values[t * width + unit]!);

describe('a gate that is held', () => {
  test('open, with the input gate shut, keeps the cell as it is', async () => {
    const fromStep = 8;
    const held = (activation: string, value: number): Intervention => ({
      ...everywhere,
      kind: 'clamp',
      activation,
      value,
      units: null,
      fromStep,
    });
    const recorded = await hear(networkOf(LSTM), [held('forgetGate', 1), held('inputGate', 0)]);
    const cell = await recorded.activation(0, 'forward', 'cell');
    for (let t = fromStep; t < T; t++)
      expectClose(cell.subarray(t * 4, t * 4 + 4), cell.subarray(fromStep * 4 - 4, fromStep * 4), 1e-7);
    expect([...(await recorded.activation(0, 'forward', 'forgetGate')).subarray(fromStep * 4)]).toEqual(
      new Array<number>((T - fromStep) * 4).fill(1),
    );
  });

  test('in some units alone leaves the others to themselves until they hear of it', async () => {
    const changed = await hear(networkOf(LSTM), [
      { ...everywhere, kind: 'clamp', activation: 'outputGate', units: [2], value: 0, fromStep: 5, toStep: 6 },
    ]);
    const plain = await hear(networkOf(LSTM), []);
    const [hidden, before] = await Promise.all([changed, plain].map((each) => each.activation(0, 'forward', 'hidden')));
    expect(hidden![5 * 4 + 2]).toBe(0);
    expect([...hidden!.subarray(0, 5 * 4 + 2)]).toEqual([...before!.subarray(0, 5 * 4 + 2)]);
    expect(hidden![5 * 4 + 3]).toBe(before![5 * 4 + 3]);
    expect([...hidden!.subarray(6 * 4)]).not.toEqual([...before!.subarray(6 * 4)]);
  });

  test.each(STACKS)('at the value that it has anyway changes nothing: $name', async ({ spec }) => {
    const plain = await hear(spec, [], 1);
    const interventions = await Promise.all(
      spec.layers.flatMap((layer, index) =>
        clampable(layer).map(async (activation): Promise<Intervention> => {
          const values = await plain.activation(index, 'forward', activation);
          return { ...everywhere, kind: 'clamp', layer: index, activation, units: [1], value: values[1]! };
        }),
      ),
    );
    const held = await hear(spec, interventions, 1);
    expect([...(await held.all(LOGITS))]).toEqual([...(await plain.all(LOGITS))]);
  });
});

describe('a unit that is silenced', () => {
  test('hands up and remembers nothing', async () => {
    const recorded = await hear(networkOf(LSTM, 2), [{ ...everywhere, kind: 'ablate', units: [1] }]);
    const of = async (layer: number, name: string) => column(await recorded.activation(layer, 'forward', name), 4, 1);
    expect(await of(0, 'hidden')).toEqual(new Array<number>(T).fill(0));
    expect(await of(0, 'cell')).toEqual(new Array<number>(T).fill(0));
    expect(await of(1, 'hidden')).not.toContain(0);
  });
});

describe('a memory that is emptied', () => {
  test.each(['gru', 'lstm', 'elman'] as const)('lets the rest sound like a beginning: %s', async (cell) => {
    const spec = networkOf({ cell, units: 4, direction: 'forward' }, 2);
    const recorded = await hear(spec, [{ kind: 'forget', layer: null, step: 7 }]);
    const { features } = makeBatch(spec, [T], T);
    const options = { spec, parameters: initialParameters(spec, 5), steps: T - 7 };
    const rest = await record(options, features.slice(7 * spec.inputSize));
    expect([...(await recorded.all(LOGITS)).subarray(7 * 4)]).toEqual([...(await rest.all(LOGITS))]);
  });
});

describe('what can be held', () => {
  test.each(Object.entries(VARIANTS))('is every activation but clocks: %s', (_, variant) => {
    const layer = { direction: 'forward', ...variant } as LayerSpec;
    const all = traceStep(layer).map(({ name }) => name);
    expect(clampable(layer)).toEqual(all.filter((name) => name !== 'due'));
  });
});
