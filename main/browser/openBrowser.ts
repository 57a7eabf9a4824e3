// Opens a file in the person's browser.
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

function openingCommand(path: string, platform: NodeJS.Platform): readonly [string, ...string[]] {
  const address = pathToFileURL(path).href;
  if (platform === 'darwin') return ['open', address];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', address];
  return ['xdg-open', address];
}

/** @returns whether a browser was found; it may still be on its way */
export function openInBrowser(path: string, platform = process.platform): Promise<boolean> {
  const [command, ...args] = openingCommand(path, platform);
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    // Some of them end at once, some stay as long as the browser does.
    child.once('exit', (code) => resolve(code === 0));
    child.once('spawn', () => setTimeout(() => resolve(true), 5_000).unref());
    child.unref();
  });
}
