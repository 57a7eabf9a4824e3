// PyTorch beside us, where a Python with torch is on the PATH or named by UNROLL_PYTHON: a process that is asked by lines.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import type { Contender } from './measure';
import {
  CLASSES,
  LABEL_LENGTH,
  LEARNING_RATE,
  lengthsOf,
  MAX_GRADIENT_NORM,
  WEIGHT_DECAY,
  type BenchCell,
  type BenchOptimizer,
  type LayerSize,
} from './size';

const SCRIPT = resolve(__dirname, '../../test/bench/torch_server.py');
const greeting = z.object({ version: z.string(), threads: z.number() });
const reply = z.object({ ms: z.number() });

/** Cells that torch.nn has; its GRU resets after the recurrent product. */
const TORCH_CELLS: readonly BenchCell[] = ['elman', 'lstm', 'gru-after'];
export const isInTorch = (cell: BenchCell): boolean => TORCH_CELLS.includes(cell);

export type TorchWork = 'forward' | 'gradients' | 'framewise' | 'ctc' | 'stream';
type Server = ChildProcessByStdio<Writable, Readable, null>;

export class Torch {
  readonly version: string;
  readonly #server: Server;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  private constructor(server: Server, reader: Interface, lines: AsyncIterator<string>, version: string) {
    this.#server = server;
    this.#reader = reader;
    this.#lines = lines;
    this.version = version;
  }

  /**
   * @param isBusy whether other programs want the cores: its threads then sleep while they wait for each other. As they are by
   *   default, they wait by turning round, and a step takes up to a hundred times as long.
   * @returns null where there is no Python with torch
   */
  static async start(threads: number, isBusy: boolean): Promise<Torch | null> {
    const python = process.env['UNROLL_PYTHON'] ?? 'python3';
    const server = spawn(python, [SCRIPT, String(threads)], {
      env: { ...process.env, OMP_NUM_THREADS: String(threads), ...(isBusy && { OMP_WAIT_POLICY: 'PASSIVE' }) },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const isStarted = await new Promise<boolean>((answer) => {
      server.once('spawn', () => answer(true));
      server.once('error', () => answer(false));
    });
    if (!isStarted) return null;
    const reader = createInterface({ input: server.stdout });
    const lines = reader[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) return null;
    const { version } = greeting.parse(JSON.parse(first.value));
    return new Torch(server, reader, lines, version);
  }

  contender(work: TorchWork, size: LayerSize, optimizer: BenchOptimizer = 'adamw'): Contender {
    const { cell, depth, T, N, D, H, direction } = size;
    const request = {
      work,
      cell,
      depth,
      T,
      N,
      D,
      H,
      lengths: [...lengthsOf(size)],
      optimizer,
      isBidirectional: direction === 'bidirectional',
      classes: CLASSES,
      labelLength: LABEL_LENGTH,
      learningRate: LEARNING_RATE,
      maxGradientNorm: MAX_GRADIENT_NORM,
      weightDecay: WEIGHT_DECAY,
    };
    return { name: 'PyTorch', runMs: () => this.#ask(request), dispose: () => undefined };
  }

  close(): void {
    this.#reader.close();
    this.#server.stdin.end();
  }

  async #ask(request: unknown): Promise<number> {
    this.#server.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await this.#lines.next();
    if (line.done) throw new Error('Expected an answer from PyTorch, but its process ended');
    return reply.parse(JSON.parse(line.value)).ms;
  }
}
