// What takes the space in a packaged app, and how much each part may take.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { StepError } from './report.mjs';

const MEGABYTE = 1e6;

/**
 * Of the parts that a file's path fits, the first has it.
 * @type {readonly { name: string, path: RegExp, budget: number }[]} budget in MB
 */
export const PARTS = [
  { name: 'TensorFlow, the native library', path: /@tensorflow\/tfjs-node\/(deps|lib)\//, budget: 580 },
  { name: 'TensorFlow.js', path: /node_modules\/@tensorflow\//, budget: 110 },
  { name: 'other packages', path: /node_modules\//, budget: 50 },
  { name: 'models, samples and messages', path: /app\.asar\.unpacked\/assets\//, budget: 30 },
  { name: 'engine', path: /app\.asar\.unpacked\/dist[^/]*\/engine\//, budget: 12 },
  { name: 'window and main process', path: /app\.asar$/, budget: 12 },
  { name: 'Electron', path: /^/, budget: 330 },
];

/** @typedef {{ name: string, megabytes: number, budget: number }} PartSize */

/**
 * @param {Iterable<{ path: string, bytes: number }>} files paths with slashes
 * @returns {PartSize[]} in the order of PARTS
 */
export function sizesOf(files) {
  const sums = new Map(PARTS.map(({ name }) => [name, 0]));
  for (const { path, bytes } of files) {
    const name = PARTS.find((part) => part.path.test(path))?.name ?? '';
    sums.set(name, (sums.get(name) ?? 0) + bytes);
  }
  return PARTS.map(({ name, budget }) => ({ name, budget, megabytes: (sums.get(name) ?? 0) / MEGABYTE }));
}

/** @param {readonly PartSize[]} sizes @returns {string} one line for each part, and their sum */
export function sizeTable(sizes) {
  const lines = [
    ...sizes,
    {
      name: 'all',
      megabytes: sizes.reduce((sum, { megabytes }) => sum + megabytes, 0),
      budget: sizes.reduce((sum, { budget }) => sum + budget, 0),
    },
  ];
  return lines
    .map(({ name, megabytes, budget }) => `  ${name.padEnd(32)}${megabytes.toFixed(1).padStart(8)} MB of ${budget}`)
    .join('\n');
}

/** @param {string} folder a packaged app @returns {Promise<PartSize[]>} */
export async function measurePackage(folder) {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return { path: path.slice(folder.length + 1).replaceAll('\\', '/'), bytes: (await fs.lstat(path)).size };
      }),
  );
  return sizesOf(files);
}

/** @param {readonly PartSize[]} sizes @throws StepError that names what is too large */
export function keepBudget(sizes) {
  const tooLarge = sizes.filter(({ megabytes, budget }) => megabytes > budget);
  if (tooLarge.length === 0) return;
  const names = tooLarge.map(({ name, megabytes, budget }) => `${name} (${megabytes.toFixed(1)} MB of ${budget})`);
  throw new StepError(`The packaged app is larger than it may be: ${names.join(', ')}.`);
}
