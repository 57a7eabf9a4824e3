// All learning tests, in the order of the table.
import { adding } from './adding';
import { copyMemory } from './copyMemory';
import { embeddedReber } from './embeddedReber';
import type { LearningTask } from './task';
import { temporalOrder } from './temporalOrder';

export const TASK_NAMES = ['adding', 'temporal-order', 'embedded-reber', 'copy-memory'] as const;
export type TaskName = (typeof TASK_NAMES)[number];
export const TASKS: Readonly<Record<TaskName, LearningTask>> = {
  adding,
  'temporal-order': temporalOrder,
  'embedded-reber': embeddedReber,
  'copy-memory': copyMemory,
};
