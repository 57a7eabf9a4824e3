// Numbers of the laboratory's messages.
import { z } from 'zod';

export const whole = (from: number, to: number) => z.number().int().min(from).max(to);
export const between = (from: number, to: number) => z.number().min(from).max(to);
export const seed = whole(0, 2 ** 31 - 1).default(1);
export const numbers = (most: number) => z.array(z.number()).max(most);
/** A number, or null where it is too large for one. */
export const finite = z.number().nullable();
