// JSON from a file that a person named.
import { UnrollError } from '../../app/errors';
import { readNamedFile } from './namedFile';

/** @throws UnrollError as readNamedFile, and config.invalid where it is no JSON. */
export async function readNamedJson(file: string, maxBytes: number): Promise<unknown> {
  const bytes = await readNamedFile(file, maxBytes);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    const reason = `It is not valid JSON: ${(error as Error).message}.`;
    throw new UnrollError('config.invalid', { file, path: 'the whole', reason }, { cause: error });
  }
}
