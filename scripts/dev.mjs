// npm run dev: the window in a browser, reloaded as its files change, with the engine behind the browser host.
import './steps/nodeVersion.mjs';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { inRoot, root } from './steps/place.mjs';
import { StepError, createReport, runMain } from './steps/report.mjs';
import { start } from './steps/run.mjs';
import { setUp } from './steps/setUp.mjs';

const HELP = `npm run dev [-- --port N]

Serves the window with hot reload on 127.0.0.1 (default port 5173). Engine and host are those of the last build: after a
change there, end it and start it again.`;

/** Starts the host and enters it as a browser would: it gives a cookie for the link's token, once. */
async function enterHost() {
  const host = start(process.execPath, [inRoot('dist/browser/host.cjs'), '--no-open'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  host.once('exit', (code) => process.exit(code ?? 1));
  const [line] = await once(createInterface(/** @type {import('node:stream').Readable} */ (host.stdout)), 'line');
  const { redirectFile, url } = JSON.parse(line);
  const link = /url=(http[^"]+)"/.exec(await readFile(redirectFile, 'utf8'))?.[1];
  if (link === undefined) throw new Error(`Expected a link in ${redirectFile}`);
  const cookie = (await fetch(link)).headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error('Expected a cookie from the browser host');
  return { origin: new URL(url).origin, cookie };
}

/** @param {{ origin: string, cookie: string }} host @param {number} port */
async function serveWindow(host, port) {
  const [{ createServer }, { svelte }] = await Promise.all([import('vite'), import('@sveltejs/vite-plugin-svelte')]);
  const ownOrigin = `http://127.0.0.1:${port}`;
  const server = await createServer({
    configFile: false,
    root: inRoot('renderer'),
    cacheDir: inRoot('.cache/vite'),
    plugins: [svelte({ configFile: inRoot('svelte.config.js') })],
    worker: { format: 'iife' },
    server: {
      host: '127.0.0.1',
      port,
      strictPort: true,
      fs: { allow: [root] },
      proxy: {
        '/contract': {
          target: host.origin,
          ws: true,
          changeOrigin: true,
          headers: { origin: host.origin, cookie: host.cookie },
          // The cookie is lent to this server's own page and to no other.
          bypass: (request) => (request.headers.origin === ownOrigin ? undefined : false),
        },
      },
    },
  });
  await server.listen().catch((/** @type {Error} */ error) => {
    throw new StepError(`${error.message}: choose another with --port.`);
  });
  console.log(`The window is at ${ownOrigin}/. Ctrl-C ends it.`);
}

runMain(async () => {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '5173' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port)) throw new StepError(`${values.port} is no port.`);
  await setUp(createReport({ isQuiet: true }));
  await serveWindow(await enterHost(), port);
});
