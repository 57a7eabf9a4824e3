// The experiments in a thread of their own, as the engine has a process of its own.
import type { ExperimentName, SettingsOf } from '../../../app/contract/lab';
import { memoryCell } from '../../../engine/lab/memoryCell';
import { reach } from '../../../engine/lab/reach';
import { surface } from '../../../engine/lab/surface';
import { transition } from '../../../engine/lab/transition';
import { trellis } from '../../../engine/lab/trellis';
import { unrolled } from '../../../engine/lab/unrolled';

export const EXPERIMENTS = { transition, surface, cell: memoryCell, reach, unrolled, trellis } as const;
export interface Question {
  readonly id: number;
  readonly name: keyof typeof EXPERIMENTS & ExperimentName;
  readonly settings: SettingsOf<ExperimentName>;
}

self.onmessage = ({ data: { id, name, settings } }: MessageEvent<Question>) =>
  self.postMessage({ id, result: EXPERIMENTS[name](settings as never) });
