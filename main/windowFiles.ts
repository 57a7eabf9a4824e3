// The window's own files, by the list that the build wrote. What is not on the list does not exist: no path that a
// request names ever reaches the disk.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { z } from 'zod';

export interface WindowFile {
  readonly content: Buffer;
  readonly contentType: string;
}

const manifestSchema = z.strictObject({
  files: z.array(
    z.strictObject({
      path: z
        .string()
        .max(500)
        .regex(/^[\w.-]+(\/[\w.-]+)*$/)
        .refine((path) => !path.split('/').includes('..')),
      bytes: z.number().int().nonnegative(),
      sha256: z.string().length(64),
    }),
  ),
});

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
};

/**
 * Reads all of them, once.
 * @param folder the window's build, with its manifest.json
 * @returns files by the path of their address: `/assets/index.js`; the page itself is also `/`
 * @throws Error where a file is missing or is not the one that was built
 */
export function readWindowFiles(folder: string): ReadonlyMap<string, WindowFile> {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  const files = new Map<string, WindowFile>();
  for (const { path, sha256 } of manifest.files) {
    const content = readFileSync(join(folder, path));
    if (createHash('sha256').update(content).digest('hex') !== sha256)
      throw new Error(`Expected ${path} to be as it was built: build the window again`);
    files.set(`/${path}`, { content, contentType: CONTENT_TYPES[extname(path)] ?? 'application/octet-stream' });
  }
  const page = files.get('/index.html');
  if (!page) throw new Error('Expected the list of built files to hold index.html');
  return files.set('/', page);
}
