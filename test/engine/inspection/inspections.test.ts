// Sounds that are looked into: what a window is told of them.
import { promises as fs } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inspectionMethods } from '../../../app/contract/inspection';
import type { Utterance } from '../../../app/contract/recognition';
import { UnrollError } from '../../../app/errors';
import { extractFeatures } from '../../../app/features/frontEnd';
import { logitsOf, soundOf, transcribe } from '../../../engine/listen/hearing';
import { babble } from '../listen/fakeNetwork';
import { expectClose } from '../network/fixtures';
import { openRoom, openTiny } from './room';

const wordsOf = (utterances: readonly Utterance[]) =>
  utterances.map(({ words }) => words.map(({ text, startMs, endMs }) => ({ text, startMs, endMs })));
const whole = { first: 0, columns: 1024, rowsPerColumn: 1, reduce: 'mean' } as const;
const hidden = { layer: 0, direction: 'forward', activation: 'hidden' } as const;

describe('a sound that is looked into', () => {
  test('is described before anything is computed, in the words of the contract', async () => {
    const { open } = await openRoom(openTiny(), babble(3));
    const description = await open();
    expect(inspectionMethods['inspection.open'].reply.parse(description)).toEqual(description);
    expect(description).toMatchObject({ durationMs: 3000, hopMs: 10, stepMs: 10, sampleRateHz: 8000, features: 6 });
    expect(description.layers[0]!.activations.map(({ name, range }) => [name, range])).toEqual([
      ['hidden', 'signed'],
      ['cell', 'signed'],
      ['inputGate', 'gate'],
      ['forgetGate', 'gate'],
      ['candidate', 'signed'],
      ['outputGate', 'gate'],
    ]);
  });

  test.each([
    ['frame by frame', {}],
    ['with stacked frames', { stack: { frames: 3, step: 2 } }],
  ])('has the text and the posteriors that recognition has: %s', async (_, changed) => {
    const model = openTiny(changed);
    const pcm = babble(4);
    const { inspections, open } = await openRoom(model, pcm);
    const { handle, steps } = await open();
    const inspection = inspections.get(handle);
    const text = await inspection.text();
    expect(wordsOf(text.utterances)).toEqual(wordsOf(await transcribe(model, soundOf(pcm))));
    expect(text.utterances.length).toBeGreaterThan(0);
    expect(text.emissions.length).toBeGreaterThan(2);
    const { values, width, columns } = await inspection.matrix({ source: { kind: 'posteriors' }, ...whole });
    expect(columns).toBe(steps);
    const logits = await logitsOf(model, soundOf(pcm));
    const expected = Array.from({ length: steps }, (_, t) => {
      const powers = [...logits.subarray(t * width, (t + 1) * width)].map(Math.exp);
      const sum = powers.reduce((total, power) => total + power);
      return powers.map((power) => power / sum);
    }).flat();
    expectClose(values, expected);
  });

  test('shows what the convolutions made of it', async () => {
    const model = openTiny({ front: { bands: 3, convolutions: [{ filters: 4, frames: 5, bands: 3, pool: 1 }] } });
    const pcm = babble(5);
    const { inspections, open } = await openRoom(model, pcm);
    const { handle, frames } = await open();
    const { values, columns } = await inspections.get(handle).matrix({ source: { kind: 'posteriors' }, ...whole });
    expect(columns).toBe(frames);
    const logits = await logitsOf(model, soundOf(pcm));
    const best = (of: Float32Array, t: number): number => {
      const row = [...of.subarray(t * 6, t * 6 + 6)];
      return row.indexOf(Math.max(...row));
    };
    // Only in the middle of the recognised windows are its surroundings the same.
    const same = Array.from({ length: frames }, (_, t) => best(values, t) === best(logits, t)).filter(Boolean).length;
    expect(same / frames).toBeGreaterThan(0.98);
  });

  test('shows the frames that the network saw, and the bands under them', async () => {
    const model = openTiny();
    const pcm = babble(3);
    const { inspections, open } = await openRoom(model, pcm);
    const { handle, frames, melBands } = await open();
    const inspection = inspections.get(handle);
    const features = await inspection.matrix({ source: { kind: 'features' }, ...whole });
    expect([...features.values]).toEqual([...extractFeatures(pcm, model.manifest.frontEnd).frames]);
    const bands = await inspection.matrix({ source: { kind: 'logMel' }, ...whole });
    expect([bands.columns, bands.width]).toEqual([frames, melBands]);
  });

  test('is told value by value at a step, and as peaks of the sound', async () => {
    const pcm = babble(3);
    const { inspections, open } = await openRoom(openTiny(), pcm);
    const inspection = inspections.get((await open()).handle);
    const { values } = await inspection.matrix({ source: { kind: 'activation', ...hidden }, ...whole });
    const at = await inspection.values(40);
    expect(inspectionMethods['inspection.values'].reply.parse(at)).toEqual(at);
    expect([...at.activations[0]!.values]).toEqual([...values.subarray(40 * 12, 41 * 12)]);
    expect(at.symbols.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
    const { smallest, largest } = inspection.peaks({ firstSample: 8000, samples: 100_000, columns: 1000 });
    expect(largest.length).toBe(1000);
    expect(Math.max(...largest)).toBeCloseTo(Math.max(...pcm.subarray(8000)) / 32_768, 6);
    expect(Math.min(...smallest)).toBeCloseTo(Math.min(...pcm.subarray(8000)) / 32_768, 6);
    await expect(inspection.values(4000)).rejects.toThrow(UnrollError);
  });

  test('tells how far it is', async () => {
    const { inspections, events, open } = await openRoom(openTiny(), babble(3));
    const { handle } = await open();
    await inspections.get(handle).whole;
    const fractions = events.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(events.at(-1)).toEqual({ handle, fraction: 1, error: null });
  });

  test('is gone with its file once it is closed, even while it is computed', async () => {
    const { inspections, folder, open } = await openRoom(openTiny(), babble(20));
    const { handle } = await open();
    const waiting = expect(inspections.get(handle).text()).rejects.toMatchObject({ code: 'inspection.closed' });
    await inspections.close(handle);
    await waiting;
    expect(() => inspections.get(handle)).toThrow(expect.objectContaining({ code: 'inspection.closed' }));
    expect(await fs.readdir(folder)).toEqual([]);
  });

  test('makes room for others: the one that was used longest ago is closed', async () => {
    const { inspections, folder, open } = await openRoom(openTiny(), babble(1));
    const first = (await open()).handle;
    const second = (await open()).handle;
    for (let more = 0; more < 6; more++) await open();
    inspections.get(first);
    await open();
    expect(() => inspections.get(second)).toThrow(UnrollError);
    expect(inspections.get(first).description.handle).toBe(first);
    expect((await fs.readdir(folder)).length).toBe(8);
  });

  test.each([
    ['inspection.empty', 0],
    ['inspection.tooLong', 601],
  ])('is refused: %s', async (code, seconds) => {
    const { folder, open } = await openRoom(openTiny(), new Int16Array(seconds * 16_000));
    await expect(open()).rejects.toMatchObject({ code });
    expect(await fs.readdir(folder)).toEqual([]);
  });
});

describe('an order of units', () => {
  test.each(['index', 'mean', 'similarity', 'energy', 'voicing', 'silence', { classIndex: 1 }] as const)(
    'holds each of them once: %j',
    async (by) => {
      const { inspections, open } = await openRoom(openTiny(), babble(3));
      const { handle } = await open();
      const { order, scores } = await inspections.order({ handle, series: hidden, by });
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, unit) => unit));
      expect([...scores]).toEqual([...scores].sort((a, b) => b - a));
    },
  );
});

describe('an experiment', () => {
  test('is a look inside of its own, of the same sound', async () => {
    const { inspections, open } = await openRoom(openTiny(), babble(4));
    const { handle } = await open();
    const gate = { layer: 0, direction: 'forward', activation: 'outputGate' } as const;
    const shut = { kind: 'clamp', ...gate, units: null, value: 0, fromStep: 0, toStep: 10_000 } as const;
    const changed = await inspections.whatIf({ handle, interventions: [shut] });
    expect(changed.handle).not.toBe(handle);
    const { values } = await inspections
      .get(changed.handle)
      .matrix({ source: { kind: 'activation', ...gate }, ...whole });
    expect(new Set(values)).toEqual(new Set([0]));
    const [before, after] = await Promise.all([handle, changed.handle].map((each) => inspections.get(each).text()));
    expect(after!.utterances).not.toEqual(before!.utterances);
  });
});
