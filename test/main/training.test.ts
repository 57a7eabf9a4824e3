// Both engines as the host has them: real processes, one of which is killed.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import type { EventEnvelope, ReplyOf } from '../../app/contract/messages';
import type { RunStatus } from '../../app/contract/runs';
import { nodeEngine } from '../../main/engineProgram';
import { Engines } from '../../main/engines';
import { buildEngine } from '../engine/builtEngine';
import { config, place, type Place } from '../engine/runs/digitSet';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let built: { file: string; folder: string };
beforeAll(async () => {
  built = await buildEngine('process');
});
afterAll(() => fs.rm(built.folder, { recursive: true, force: true }));

function open({ data, assets }: Place) {
  const events: EventEnvelope[] = [];
  const engines = new Engines({
    start: (role) =>
      nodeEngine(
        {
          file: built.file,
          folder: built.folder,
          environment: {
            ...process.env,
            ...{ UNROLL_ROLE: role, UNROLL_DATA: data, UNROLL_ASSETS: assets, UNROLL_RUNG: 'wasm' },
          },
        },
        process.execPath,
      ),
    onEvent: (event) => events.push(event),
    log: () => undefined,
  });
  onTestFinished(() => engines.stop());
  engines.start();
  const runs = (): RunStatus[] =>
    events.filter(({ event }) => event === 'runs.changed').map(({ body }) => (body as { run: RunStatus }).run);
  const until = (look: () => boolean): Promise<boolean> =>
    vi.waitUntil(look, { timeout: 120_000, interval: 20 }).then(() => true);
  return { engines, events, runs, until };
}
const EPOCHS = 30;
const long = { ...config, training: { ...config.training, epochs: EPOCHS } };
const stepsOf = (runs: readonly RunStatus[]): number => runs.at(-1)?.progress?.step ?? 0;
/** Null while no engine holds the runs, or one writes that it does. */
async function trainingPid({ data }: Place): Promise<number | null> {
  const text = await fs.readFile(join(data, 'runs', 'engine.lock'), 'utf8').catch(() => '');
  return text.endsWith('}') ? (JSON.parse(text) as { pid: number }).pid : null;
}

it('a run outlives its process and the program, and who listens does not notice', async () => {
  const at = await place();
  const first = open(at);
  const body = { name: 'digits', setId: 'digits', fromModelId: null, config: long };
  const answer = await first.engines.ask('runs.start', body);
  expect(answer).toMatchObject({ isOk: true });
  const { id } = (answer as { body: ReplyOf<'runs.start'> }).body.run;
  await first.until(() => stepsOf(first.runs()) > 3);
  const killed = await trainingPid(at);
  if (killed === null) throw new Error('Expected the training engine to hold the runs');
  process.kill(killed, 'SIGKILL');
  expect(await first.engines.ask('recordings.list', {})).toMatchObject({ isOk: true });
  const before = first.events.length;
  await vi.waitUntil(async () => ![null, killed].includes(await trainingPid(at)), { timeout: 60_000, interval: 50 });
  const told = first.runs().length;
  await first.until(() => stepsOf(first.runs().slice(told)) > 8);
  expect(first.events.slice(before).filter(({ event }) => event === 'engine.state')).toEqual([]);
  await first.engines.stop();
  expect(await at.runs.get(id)).toMatchObject({ state: 'queued', place: 0 });

  const second = open(at);
  await second.until(() => second.runs().at(-1)?.state === 'finished');
  const steps = await second.engines.ask('runs.steps', { runId: id, first: 0, count: 1 });
  expect(steps).toMatchObject({ body: { total: EPOCHS * 7 } });
});
