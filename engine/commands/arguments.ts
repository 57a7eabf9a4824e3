// Arguments of the programs that are no part of the product: benchmark and recipes.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UnrollError } from '../../app/errors';

/** As Node's parseArgs, positionals allowed. @throws UnrollError usage, where an option is unknown or lacks its value. */
export function parseOptions<const O extends NonNullable<ParseArgsConfig['options']>>(options: O) {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    const isUsage = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    if (!isUsage) throw error;
    const reason = `${error.message.split('. ')[0]}. --help tells what there is.`;
    throw new UnrollError('usage', { reason }, { cause: error });
  }
}
