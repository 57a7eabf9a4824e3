// What a person can send with a report of a mistake: versions, the kind of computer, and the newest lines of the log, without
// the names of their folders and files.
import { arch, cpus, homedir, platform, release, tmpdir, totalmem } from 'node:os';
import packageInfo from '../package.json';
import type { LogFile } from './logFile';

const LOG_CHARACTERS = 60_000;
const GIBIBYTE = 2 ** 30;

export interface ReportPlaces {
  /** The person's folder of recordings. */
  readonly data: string;
  /** The program's own folder. */
  readonly program: string;
  readonly home?: string;
}

/** @param host what shows the window */
export function reportText(host: 'electron' | 'browser', log: LogFile, places: ReportPlaces): string {
  const { electron, chrome, node } = process.versions as Readonly<Record<string, string | undefined>>;
  const lines = [
    `Unroll ${packageInfo.version}, ${host}`,
    [electron && `Electron ${electron}`, chrome && `Chromium ${chrome}`, `Node ${node}`].filter(Boolean).join(', '),
    `${platform()} ${release()}, ${arch()}, ${cpus().length} processors, ${(totalmem() / GIBIBYTE).toFixed(1)} GiB`,
    '',
    withoutPlaces(log.read(LOG_CHARACTERS), places),
  ];
  return lines.join('\n');
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** A path as it stands in a sentence or a stack: up to a quote, a bracket, a colon or the line's end. */
const REST = '[^\\n\'"“”()<>:]*';

/** The text with the program's and the data folder's names put shortly, and every other path of the computer left out. */
export function withoutPlaces(text: string, { data, program, home = homedir() }: ReportPlaces): string {
  const known = [
    [data, '[data]'],
    [program, '[program]'],
  ] as const;
  const foreign = [home, tmpdir()].map((folder) => new RegExp(`${escaped(folder)}${REST}`, 'g'));
  const short = known
    .filter(([folder]) => folder !== '')
    .sort(([a], [b]) => b.length - a.length)
    .reduce((shorter, [folder, name]) => shorter.replaceAll(folder, name), text);
  return foreign
    .reduce((rest, pattern) => rest.replace(pattern, '[path]'), short)
    .replace(/(^|[\s'"“(])(?:[A-Za-z]:\\|\/(?=[\w.-]+\/))[^\n'"“”()<>:]*/gm, '$1[path]');
}
