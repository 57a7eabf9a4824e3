// Where things are on this computer. Nothing that a window says has any part in it.
import { homedir } from 'node:os';
import { join } from 'node:path';

const FOLDER_NAME = 'Unroll';

/** Where this system keeps what programs store for a person. */
function applicationData(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, home: string): string {
  if (platform === 'win32') return environment['APPDATA'] ?? join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return environment['XDG_CONFIG_HOME'] ?? join(home, '.config');
}

/** What belongs to the program itself: Chromium's files, the window's place. */
export const programFolder = (platform = process.platform, environment = process.env, home = homedir()): string =>
  join(applicationData(platform, environment, home), FOLDER_NAME);

/** Recordings, models and runs: the same in both modes; UNROLL_DATA chooses another place. */
export const dataFolder = (platform = process.platform, environment = process.env, home = homedir()): string =>
  environment['UNROLL_DATA'] ?? join(programFolder(platform, environment, home), 'data');

/** In a packaged app the engine and the models lie beside the archive, as real files. */
const besideArchive = (path: string): string => path.replace(/app\.asar(?=[\\/]|$)/, 'app.asar.unpacked');

export interface BuiltPlaces {
  readonly window: string;
  readonly preload: string;
  readonly engine: string;
  readonly assets: string;
  /** Where package.json is; in a packaged app, the folder beside the archive. */
  readonly root: string;
  /** What lies beside the archive, by hash: packaging writes it into the archive. */
  readonly programFiles: string;
}

/** @param dist the folder of the build; package.json and assets/ lie beside it */
export function builtPlaces(dist: string): BuiltPlaces {
  const root = join(dist, '..');
  return {
    window: join(dist, 'renderer'),
    preload: join(dist, 'preload', 'preload.cjs'),
    engine: besideArchive(join(dist, 'engine', 'process.cjs')),
    assets: besideArchive(join(root, 'assets')),
    root: besideArchive(root),
    programFiles: join(dist, 'programFiles.json'),
  };
}
