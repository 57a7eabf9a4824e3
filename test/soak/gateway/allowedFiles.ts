// An engine that Node itself keeps within its folders: whatever file it touches beside them is refused with ERR_ACCESS_DENIED,
// which is no error that the engine answers: it dies of it, and is heard.
import { resolve } from 'node:path';
import type { EngineProgram } from '../../../main/engineLink';

const FLAG = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';

/**
 * The same program with Node's permission model around it.
 * @param program its folder, where modules are found, may be read
 * @param own the one folder that may be written as well; its `tmp` takes what goes to the system's temporary folder
 */
export function withinFolders(program: EngineProgram, own: string): EngineProgram {
  const flags = [
    FLAG,
    '--allow-worker',
    '--allow-child-process',
    '--allow-addons',
    ...[program.folder, own].map((folder) => `--allow-fs-read=${resolve(folder)}`),
    `--allow-fs-write=${resolve(own)}`,
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
  ];
  const environment = { ...program.environment, TMPDIR: resolve(own, 'tmp'), NODE_OPTIONS: flags.join(' ') };
  return { ...program, environment };
}
