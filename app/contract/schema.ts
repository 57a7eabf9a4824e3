// Building blocks that several message schemas share.
import { z } from 'zod';

// The window's content security policy forbids code made from strings; zod would otherwise probe for it.
z.config({ jitless: true });

// Typed arrays are told by their tag, not by instanceof: they cross realms (preload, worker, child process).
const tagged = <A>(tag: string) =>
  z.custom<A>((value) => Object.prototype.toString.call(value) === `[object ${tag}]`, {
    message: `Expected a ${tag}`,
  });

/** A Float32Array of at most `maxLength` elements. */
export const float32 = (maxLength: number) =>
  tagged<Float32Array>('Float32Array').refine((a) => a.length <= maxLength, {
    message: `At most ${maxLength} elements`,
  });
/** An Int16Array of at most `maxLength` elements. */
export const int16 = (maxLength: number) =>
  tagged<Int16Array>('Int16Array').refine((a) => a.length <= maxLength, { message: `At most ${maxLength} elements` });
/** An Int32Array of at most `maxLength` elements. */
export const int32 = (maxLength: number) =>
  tagged<Int32Array>('Int32Array').refine((a) => a.length <= maxLength, { message: `At most ${maxLength} elements` });
/** A Uint8Array of at most `maxLength` bytes. */
export const bytes = (maxLength: number) =>
  tagged<Uint8Array>('Uint8Array').refine((a) => a.length <= maxLength, { message: `At most ${maxLength} bytes` });

/** An identifier made by the engine: never a path, never chosen by the window. */
export const identifier = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
/** What a file is called, for people: no way to it, and never used to open one. */
export const fileName = z
  .string()
  .min(1)
  .max(255)
  .refine((name) => !/[/\\\0]/.test(name), { message: 'Expected a name without a path' });
export const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
export const milliseconds = z.number().nonnegative().finite();
/** A probability or a fraction. */
export const fraction = z.number().min(0).max(1);
/** Time that was worked over the sound's own, or null where there was no sound to work on. */
export const realTimeFactor = z.number().nonnegative().finite().nullable();
/** An instant as ISO 8601 text. */
export const instant = z.string().max(40);
/**
 * Text that people read, in English and in Chinese. A single text stands for both: a proper name, or one of a file that was
 * written in one language.
 */
export const bilingual = (maxLength: number) => {
  const text = z.string().max(maxLength);
  return z.union([z.strictObject({ en: text, zh: text }), text.transform((both) => ({ en: both, zh: both }))]);
};
export type Bilingual = z.infer<ReturnType<typeof bilingual>>;
export const empty = z.strictObject({});
