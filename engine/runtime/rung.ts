// Which rung of the ladder this machine can stand on. The question is put to a child process: a processor that lacks what the
// native library was built for ends the process that loads it.
import { spawn } from 'node:child_process';
import type { Rung } from '../../app/contract/rung';
import { UnrollError, type ReasonCode } from '../../app/errors';
import { DataType } from '../graph/attributes';
import { defineLoop, FunctionLibrary } from '../graph/functions';
import { Graph } from '../graph/graph';
import { SERVE_TAG } from '../graph/proto';
import { removeSavedModel, writeSavedModel } from '../graph/session';
import { tensorflowPath } from './native';

export interface RungChoice {
  readonly rung: Rung;
  /** One English sentence why no higher rung is used; empty on the top rung. */
  readonly reason: string;
  /** What computes, for people: "TensorFlow 2.20.0 with XLA". */
  readonly backend: string;
}
/** How a child process ended that ran a script. */
export interface ProbeOutcome {
  /** Everything it wrote to stdout, also when it crashed later. */
  readonly output: string;
  /** Why it did not end by itself with code 0; empty where it did. */
  readonly failure: string;
}
/** Runs CommonJS source text with arguments in a Node process of its own. */
export type RunScript = (source: string, parameters: readonly string[]) => Promise<ProbeOutcome>;

/** Long enough for a cold disk and a busy machine. */
const PROBE_TIMEOUT_MS = 60_000;
const BACKEND_WASM = 'TensorFlow.js on WebAssembly';

/**
 * Chooses the highest rung that works: compiled, native, wasm.
 * @param forced this rung and no other.
 * @param runScript where process.execPath is no Node (a packaged window), another way to run the probe.
 * @throws UnrollError backend.unavailable when the forced rung does not work here.
 */
export async function chooseRung(forced: Rung | null = null, runScript: RunScript = runWithNode): Promise<RungChoice> {
  if (forced === 'wasm') return { rung: 'wasm', reason: 'It was asked for.', backend: BACKEND_WASM };
  const best = await probe(runScript);
  switch (forced) {
    case null:
      return best;
    case 'native':
      if (best.rung === 'compiled') return onNative(best.backend, 'It was asked for.');
      break;
    case 'compiled':
      break;
  }
  if (best.rung === forced) return best;
  throw new UnrollError(
    'backend.unavailable',
    { rung: forced, reason: whyNot(best) },
    // What the system said, in its own words.
    { cause: new Error(best.reason) },
  );
}

/** Why nothing above this rung works here. */
function whyNot({ rung }: RungChoice): ReasonCode {
  if (rung === 'native') return 'reason.rung.notCompiling';
  return tensorflowPath() === null ? 'reason.rung.noLibrary' : 'reason.rung.notStarting';
}

/** What the child says as it gets on: a line for each rung that worked. */
const NATIVE_LINE = /^native (\S+)$/m;
const COMPILED_LINE = /^compiled$/m;
const DOUBLINGS = 10;
const PROBE_SOURCE = `
'use strict';
const [tensorflowPath, model, tag] = process.argv.slice(1);
process.env.TF_CPP_MIN_LOG_LEVEL = '2';
const util = require('util');
util.isNullOrUndefined = util.isNullOrUndefined || ((value) => value === null || value === undefined);
util.isArray = util.isArray || Array.isArray;
const native = require(tensorflowPath).backend().binding;
const one = native.createTensor([1], native.TF_FLOAT, Float32Array.of(1));
const expect = (id, value) => { if (native.tensorDataSync(id)[0] !== value) throw new Error('a wrong sum'); };
expect(native.executeOp('AddV2', [{ name: 'T', type: native.TF_ATTR_TYPE, value: native.TF_FLOAT }], [one, one], 1)[0].id, 2);
require('fs').writeSync(1, 'native ' + native.TF_Version + '\\n');
const session = native.loadSavedModel(model, tag);
expect(native.runSavedModel(session, [one], 'x:0', 'y:0')[0].id, ${2 ** DOUBLINGS});
require('fs').writeSync(1, 'compiled\\n');
`;

async function probe(runScript: RunScript): Promise<RungChoice> {
  const path = tensorflowPath();
  if (path === null) return { rung: 'wasm', reason: 'Native TensorFlow is not installed.', backend: BACKEND_WASM };
  const model = writeProbeModel();
  const { output, failure } = await runScript(PROBE_SOURCE, [path, model, SERVE_TAG]).finally(() => {
    removeSavedModel(model);
  });
  const version = NATIVE_LINE.exec(output)?.[1];
  if (version === undefined) {
    return { rung: 'wasm', reason: `Native TensorFlow does not start: ${failure}.`, backend: BACKEND_WASM };
  }
  const backend = `TensorFlow ${version}`;
  if (!COMPILED_LINE.test(output)) return onNative(backend, `XLA does not compile: ${failure}.`);
  return { rung: 'compiled', reason: '', backend: `${backend} with XLA` };
}
const onNative = (backend: string, reason: string): RungChoice => ({
  rung: 'native',
  reason,
  backend: backend.replace(/ with XLA$/, ''),
});

/** x [1] → y = x·2^DOUBLINGS, by a loop that XLA must compile. */
function writeProbeModel(): string {
  const graph = new Graph();
  const library = new FunctionLibrary();
  const loop = defineLoop(
    library,
    'double',
    { step: DataType.int32, x: DataType.float },
    (body, { step }) => body.less(step, body.int(DOUBLINGS)),
    (body, { step, x }) => ({ step: body.add(step, body.int(1)), x: body.add(x, x) }),
  );
  const compiled = library.define(
    'doubled',
    { x: DataType.float },
    (body, { x }) => [loop(body, { step: body.int(0), x }).x],
    { isCompiled: true },
  );
  for (const y of graph.call(compiled, [graph.placeholder('x', DataType.float)])) graph.identity(y, { name: 'y' });
  return writeSavedModel(graph, library, 'unroll-probe-');
}

/** Runs the script by this process's own executable, which is a Node. */
const runWithNode: RunScript = (source, parameters) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', source, ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: PROBE_TIMEOUT_MS,
      windowsHide: true,
    });
    let output = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    child.on('error', (error) => resolve({ output, failure: error.message }));
    child.on('close', (code, signal) => resolve({ output, failure: describeEnd(code, signal, complaints) }));
  });

/** The message of an uncaught error, else how the process ended. */
function describeEnd(code: number | null, signal: NodeJS.Signals | null, complaints: string): string {
  if (code === 0) return '';
  const message = /^\w*Error: (.+)$/m.exec(complaints)?.[1];
  return message ?? (signal === null ? `the trial ended with code ${code}` : `the trial was ended by ${signal}`);
}
