// Pictures of a network while it hears.
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ActivationSeries } from '../../../app/contract/inspection';
import { watchEvents } from '../../../app/contract/inspectionQuestions';
import type { EventOf } from '../../../app/contract/messages';
import type { LayerSpec } from '../../../app/contract/network';
import { FEATURES, openBelow } from '../../../engine/inspection/framesBelow';
import { LiveWatch } from '../../../engine/inspection/liveWatch';
import type { OpenModel } from '../../../engine/listen/openModel';
import { expectClose } from '../network/fixtures';
import { record, temporaryStore } from './recorded';
import { openTiny } from './room';

const D = 6;
const GATE: ActivationSeries = { layer: 0, direction: 'forward', activation: 'forgetGate' };
const framesOf = (count: number): Float32Array =>
  Float32Array.from({ length: count * D }, (_, k) => Math.sin(k * 0.37));

function openWatch(model: OpenModel, series: readonly ActivationSeries[] = [GATE]) {
  const events: EventOf<'inspection.live'>[] = [];
  const watch = new LiveWatch({
    streamId: 'stream-1',
    model,
    series,
    framesBefore: 70,
    onLive: (event) => events.push(watchEvents['inspection.live'].parse(event)),
    onBug: (error) => expect.fail(String(error)),
  });
  onTestFinished(() => watch.end());
  return { watch, events };
}
const recordOf = (model: OpenModel, x: Float32Array) =>
  record({ spec: model.manifest.network, parameters: model.parameters, steps: x.length / D }, x);

describe('a watch on a stream', () => {
  test('tells every step of a network of forward layers once, its memory carried along', async () => {
    const model = openTiny();
    const { watch, events } = openWatch(model);
    const x = framesOf(45);
    for (const [from, to] of [
      [0, 20],
      [20, 21],
      [21, 45],
    ] as const) {
      watch.push(x.subarray(from * D, to * D));
      await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ firstStep: 70 + from, steps: to - from }));
    }
    const told = events.flatMap(({ series }) => [...series[0]!.values]);
    expectClose(told, await (await recordOf(model, x)).activation(0, 'forward', 'forgetGate'), 1e-6);
    expect(events.every(({ leftOut }) => leftOut === 0)).toBe(true);
  });

  test('gathers what comes in between: at most ten events a second', async () => {
    const { watch, events } = openWatch(openTiny());
    const startedAt = performance.now();
    while (performance.now() - startedAt < 350) {
      watch.push(framesOf(1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(events.length).toBeGreaterThan(0);
    expect(events.length).toBeLessThanOrEqual(4);
  });

  test('leaves out of the picture what comes too fast, and says how much', async () => {
    const { watch, events } = openWatch(openTiny());
    watch.push(framesOf(500));
    await vi.waitFor(() => expect(events).toHaveLength(1));
    expect(events[0]).toMatchObject({ firstStep: 370, steps: 200, leftOut: 300 });
  });

  test('goes over the last two seconds again where layers read backward too', async () => {
    const layers: LayerSpec[] = [0, 1].map(() => ({ cell: 'gru', units: 5, direction: 'bidirectional' }));
    const model = openTiny({ layers });
    const series = { layer: 1, direction: 'reverse', activation: 'updateGate' } as const;
    const { watch, events } = openWatch(model, [series]);
    const x = framesOf(250);
    watch.push(x.subarray(0, 30 * D));
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ firstStep: 70, steps: 30 }));
    watch.push(x.subarray(30 * D));
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ firstStep: 120, steps: 200, leftOut: 0 }));
    const last = await recordOf(model, x.slice(50 * D));
    expectClose(events.at(-1)!.series[0]!.values, await last.activation(1, 'reverse', 'updateGate'), 1e-6);
  });

  test('sees what convolutions and stacked frames make of the last two seconds, in steps of their own', async () => {
    const front = { bands: 3, convolutions: [{ filters: 4, frames: 3, bands: 3, pool: 1 }] };
    const layers: LayerSpec[] = [{ cell: 'lstm', units: 5, direction: 'bidirectional' }];
    const model = openTiny({ front, stack: { frames: 3, step: 3 }, layers });
    const { watch, events } = openWatch(model);
    const x = framesOf(250);
    watch.push(x.subarray(0, D));
    watch.push(x.subarray(D, 31 * D));
    // Frames 70 to 100 have passed: the first own frame of a step is 72, the last 99.
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ firstStep: 24, steps: 10, leftOut: 0 }));
    watch.push(x.subarray(31 * D));
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ firstStep: 40, steps: 67, leftOut: 0 }));
    const store = await temporaryStore();
    const seen = x.slice(50 * D);
    store.create(FEATURES, 200, D);
    await store.write(FEATURES, 0, seen);
    const { manifest, parameters } = model;
    const below = await openBelow(manifest.network, parameters, store, 'wasm');
    const last = await record({ spec: manifest.network, parameters, steps: 67, below }, seen);
    expectClose(events.at(-1)!.series[0]!.values, await last.activation(0, 'forward', 'forgetGate'), 1e-5);
  });

  test('is refused where there is no such activation', () => {
    expect(() => openWatch(openTiny(), [{ ...GATE, activation: 'resetGate' }])).toThrow('layer0.forward.resetGate');
    const stack = { frames: 3, step: 2 };
    expect(() => openWatch(openTiny({ stack }))).toThrow('stacked frames');
  });
});
