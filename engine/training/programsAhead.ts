// Programs compiled behind the steps: a process of its own makes what the plan of an epoch will need and writes it to where
// compiled programs are kept, so that the training process finds it there and reads it instead of making it.
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkSpec } from '../../app/contract/network';
import type { CompiledShape } from '../network/program';
import { keepsPrograms } from '../runtime/compileCache';
import { coreCount } from './featurePool';
import type { TrainingRule } from './trainingRule';

const PROCESS_FILE = join(__dirname, 'ahead.cjs');
/** The process costs most of a second of one core before its first program. */
const FEWEST_SHAPES = 2;
/** A step is cut for two; on two cores a first epoch measured a fifth longer with this than without. */
const FEWEST_CORES = 3;

/** What the process is asked: the steps of one network, shape by shape; or to leave out what has been made in the meantime. */
export type AheadRequest =
  | {
      readonly kind: 'compile';
      readonly spec: NetworkSpec;
      readonly rule: TrainingRule;
      readonly shapes: readonly CompiledShape[];
    }
  | { readonly kind: 'leaveOut'; readonly shape: CompiledShape };
export type AheadAnswer =
  { readonly kind: 'compiled'; readonly shape: CompiledShape } | { readonly kind: 'failed'; readonly message: string };

export const isSameShape = (a: CompiledShape, b: CompiledShape): boolean => a.T === b.T && a.N === b.N;

export interface ProgramsAheadOptions {
  /** The built process. */
  readonly file?: string;
  readonly onCompiled?: (shape: CompiledShape) => void;
}

export class ProgramsAhead {
  #child: ChildProcess | null = null;
  /** What has been asked for and was neither made nor left out. */
  #wanted: readonly CompiledShape[] = [];
  readonly #file: string;
  readonly #onCompiled: (shape: CompiledShape) => void;

  constructor({ file = PROCESS_FILE, onCompiled = () => undefined }: ProgramsAheadOptions = {}) {
    this.#file = file;
    this.#onCompiled = onCompiled;
  }

  /**
   * Whether it can help here: programs are kept, there are cores beside those of the steps, and the process can be had. A packaged
   * window's executable is no Node.
   */
  static canHelp({ file = PROCESS_FILE, cores = coreCount() } = {}): boolean {
    return keepsPrograms() && cores >= FEWEST_CORES && process.versions['electron'] === undefined && existsSync(file);
  }

  /** Makes the programs of these shapes, one after the other; what was asked for another network before is given up. */
  compile(spec: NetworkSpec, rule: TrainingRule, shapes: readonly CompiledShape[]): void {
    this.close();
    if (shapes.length < FEWEST_SHAPES) return;
    this.#wanted = shapes;
    const child = fork(this.#file, {
      // TensorFlow writes lines to stderr for every program that it reads.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    this.#child = child;
    child.on('message', (answer: AheadAnswer) => this.#take(child, answer));
    const end = (): void => {
      if (this.#child === child) this.close();
    };
    // Without it every step compiles for itself: a process that cannot start or dies costs time and nothing else.
    child.once('error', end).once('exit', end);
    this.#ask(child, { kind: 'compile', spec, rule, shapes });
    child.unref();
    child.channel?.unref();
  }

  /** The step itself is making this one now. */
  leaveOut(shape: CompiledShape): void {
    if (this.#child === null || !this.#wanted.some((wanted) => isSameShape(wanted, shape))) return;
    this.#ask(this.#child, { kind: 'leaveOut', shape });
    this.#without(shape);
  }

  close(): void {
    const child = this.#child;
    this.#child = null;
    this.#wanted = [];
    if (child?.connected === true) child.disconnect();
    child?.kill();
  }

  #ask(child: ChildProcess, request: AheadRequest): void {
    // A process that has just ended takes no message: its end is told by its events.
    if (child.connected) child.send(request, () => undefined);
  }
  #take(child: ChildProcess, answer: AheadAnswer): void {
    if (child !== this.#child) return;
    switch (answer.kind) {
      case 'compiled':
        this.#without(answer.shape);
        this.#onCompiled(answer.shape);
        break;
      case 'failed':
        this.close();
        throw new Error(`Expected programs from the process that compiles ahead, but: ${answer.message}`);
    }
  }
  #without(shape: CompiledShape): void {
    this.#wanted = this.#wanted.filter((wanted) => !isSameShape(wanted, shape));
    if (this.#wanted.length === 0) this.close();
  }
}
