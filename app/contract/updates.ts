// Newer versions of the app. Nobody is asked for them until a person turns that on, and a build that names no place never asks.
import { z } from 'zod';
import { empty } from './schema';

const version = z.string().min(1).max(100);

export const updatesSchema = z.discriminatedUnion('state', [
  /** This build names no place that newer versions come from, or the host is none that could install them. */
  z.strictObject({ state: z.literal('absent') }),
  z.strictObject({ state: z.literal('off') }),
  /** This copy cannot be renewed in its place, as one that was unpacked by hand. */
  z.strictObject({ state: z.literal('unfit') }),
  z.strictObject({ state: z.literal('looking') }),
  z.strictObject({ state: z.literal('newest') }),
  z.strictObject({ state: z.literal('found'), version }),
  z.strictObject({ state: z.literal('loading'), version, fraction: z.number().min(0).max(1) }),
  /** It is on disk, and its signature or hash was right. */
  z.strictObject({ state: z.literal('ready'), version }),
  z.strictObject({ state: z.literal('failed'), detail: z.string().max(1_000) }),
]);
export type UpdatesState = z.infer<typeof updatesSchema>;

const reply = z.strictObject({ updates: updatesSchema });

export const updateMethods = {
  'updates.get': { request: empty, reply },
  /** Turned on, the app looks at once and at each start. */
  'updates.turn': { request: z.strictObject({ isOn: z.boolean() }), reply },
  'updates.look': { request: empty, reply },
  'updates.load': { request: empty, reply },
  /** Ends the app, as a person would, and starts the newer one. */
  'updates.install': { request: empty, reply },
} as const;

export const updateEvents = { 'updates.changed': reply } as const;
