import { describe, expect, it } from 'vitest';
import { chooseRung, type RungChoice, type RunScript } from '../../../engine/runtime/rung';
import { RungMemory, runHere, type RungMemoryOptions } from '../../../engine/serve/rungMemory';
import { temporaryFolder } from '../temporary';

const COMPILED: RungChoice = { rung: 'compiled', reason: '', backend: 'TensorFlow' };

async function machine(options: RungMemoryOptions = {}) {
  const folder = await temporaryFolder();
  const state = { trials: 0, key: 'library 1', now: 0 };
  /** One start of the engine. */
  const start = (forced: 'wasm' | null = null) =>
    new RungMemory(folder, forced, {
      choose: async () => {
        state.trials++;
        return COMPILED;
      },
      key: async () => state.key,
      now: () => state.now,
      ...options,
    });
  return { state, start };
}

describe('the remembered rung', () => {
  it('is tried once and used from then on', async () => {
    const { state, start } = await machine();
    for (let n = 0; n < 3; n++) {
      const memory = start();
      expect(await memory.choose()).toEqual(COMPILED);
      await memory.confirm();
    }
    expect(state.trials).toBe(1);
  });

  it('is tried anew after another library came', async () => {
    const { state, start } = await machine();
    const first = start();
    await first.choose();
    await first.confirm();
    state.key = 'library 2';
    await start().choose();
    expect(state.trials).toBe(2);
  });

  it('is tried anew a day later where it was not the top rung', async () => {
    let rung: RungChoice['rung'] = 'native';
    const { state, start } = await machine({
      choose: async () => {
        state.trials++;
        return { ...COMPILED, rung };
      },
    });
    const useAt = async (now: number): Promise<string> => {
      state.now = now;
      const memory = start();
      const choice = await memory.choose();
      await memory.confirm();
      return choice.rung;
    };
    const day = 24 * 3_600_000;
    expect([await useAt(0), await useAt(day / 2), await useAt(day - 1)]).toEqual(['native', 'native', 'native']);
    rung = 'compiled';
    expect([await useAt(day), await useAt(9 * day)]).toEqual(['compiled', 'compiled']);
    expect(state.trials).toBe(2);
  });

  it('is tried anew after a start that was not confirmed', async () => {
    const { state, start } = await machine();
    await start().choose();
    await start().choose();
    expect(state.trials).toBe(2);
  });

  it('gives way to WebAssembly for a day where the library ended the engine twice and no child can try it', async () => {
    const { state, start } = await machine({ hasNode: false });
    await start().choose();
    await start().choose();
    expect(await start().choose()).toMatchObject({ rung: 'wasm' });
    expect(state.trials).toBe(2);
    state.now = 25 * 3_600_000;
    expect(await start().choose()).toEqual(COMPILED);
  });

  it('is tried in this very process where its program is Electron, which the packaged app lets be no Node', async () => {
    const ways: unknown[] = [];
    const choose = async (_forced: unknown, way?: RunScript) => {
      ways.push(way);
      return COMPILED;
    };
    const { start } = await machine({ choose });
    await start().choose();
    Object.defineProperty(process.versions, 'electron', { value: '45.4.1', configurable: true });
    try {
      await start().choose();
    } finally {
      Reflect.deleteProperty(process.versions, 'electron');
    }
    expect(ways).toEqual([undefined, runHere]);
  });

  it('is not asked where a rung is forced', async () => {
    const { state, start } = await machine();
    const memory = start('wasm');
    await memory.choose();
    await memory.confirm();
    await start().choose();
    expect(state.trials).toBe(2);
  });
});

describe('the trial in this process', () => {
  it('finds the same rung as the trial in a child', async () => {
    expect(await chooseRung(null, runHere)).toEqual(await chooseRung());
  }, 180_000);

  it('tells what kept it from working', async () => {
    const run: RunScript = runHere;
    expect(await run("require('fs').writeSync(1, 'so far'); throw new Error('no further')", [])).toEqual({
      output: 'so far',
      failure: 'no further',
    });
  });
});
