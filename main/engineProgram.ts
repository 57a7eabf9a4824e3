// How the engine is started in each host.
import type { utilityProcess as UtilityProcess } from 'electron';
import { startNodeEngine, startUtilityEngine, type EngineProgram, type StartEngine } from './engineLink';
import type { BuiltPlaces } from './places';

/** What an engine is for; see engine/process.ts. */
export type EngineRole = 'listening' | 'training';

export function engineProgram(places: BuiltPlaces, data: string, role: EngineRole): EngineProgram {
  return {
    file: places.engine,
    folder: places.root,
    environment: {
      // TensorFlow's messages are kept to its errors.
      TF_CPP_MIN_LOG_LEVEL: '2',
      ...process.env,
      UNROLL_ROLE: role,
      UNROLL_DATA: data,
      UNROLL_ASSETS: places.assets,
    },
  };
}

/** @param node the Node to run the engine with */
export const nodeEngine =
  (program: EngineProgram, node: string): StartEngine =>
  (events) =>
    startNodeEngine(program, node, events);

/** @param utilityProcess Electron's, or undefined where it is too old to have it: Node from the PATH runs it then */
export const electronEngine =
  (program: EngineProgram, utilityProcess: typeof UtilityProcess | undefined): StartEngine =>
  (events) =>
    utilityProcess ? startUtilityEngine(program, utilityProcess, events) : startNodeEngine(program, 'node', events);
