// What was read from a file, checked by its schema.
import type { z } from 'zod';
import { UnrollError } from '../../app/errors';
import { fieldReason } from '../../app/fieldReason';

/**
 * Checks what was read from a configuration file.
 * @throws UnrollError config.invalid naming the file, the path inside it and what is allowed.
 */
export function checkFile<S extends z.ZodType>(schema: S, value: unknown, file: string): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, params } = fieldReason(result.error, value);
  throw new UnrollError('config.invalid', { file, path: path || 'the whole', ...params });
}
