import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './environment';
import { wordsOf } from './speech';

/** What `unroll transcribe` reads in a file. @param how further arguments, for instance --stream */
export function transcribe(file: string, ...how: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/unroll.mjs'), 'transcribe', file, '--json', ...how],
    { encoding: 'utf8', timeout: 60_000 },
  );
  if (status !== 0) throw new Error(`unroll transcribe ended with ${status}: ${stderr}`);
  return wordsOf((JSON.parse(stdout) as { text: string }).text);
}
