// What a page in the window may not do, asked from inside the page, and answered by the app's own handlers.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { openElectron, type ElectronApp } from './support/apps';

let app: ElectronApp;
test.beforeAll(async () => {
  app = await openElectron();
});
test.afterAll(() => app?.close());

const addressOf = (): Promise<string | undefined> =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());
/** Runs code as the page itself would: what Playwright evaluates is not held to the page's policy. */
const asThePage = (code: () => unknown): Promise<string> =>
  app.page.evaluate(`new Promise((resolve) => setTimeout(() => {
    try { resolve(String((${String(code)})())); } catch (error) { resolve(error.name); }
  }))`);

const askForMedia = (wanted: MediaStreamConstraints): Promise<string> =>
  app.page.evaluate(
    (constraints) =>
      navigator.mediaDevices.getUserMedia(constraints).then(
        (stream) => {
          const kinds = stream.getTracks().map((track) => track.kind);
          stream.getTracks().forEach((track) => track.stop());
          return kinds.join();
        },
        (error: Error) => error.name,
      ),
    wanted,
  );

test('the window is sandboxed and isolated', async () => {
  const preferences = await app.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag } = contents.getLastWebPreferences();
    return { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag };
  });
  expect(preferences).toEqual({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
});

test('the page sees nothing of Node or Electron', async () => {
  const types = await app.page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'ipcRenderer'].map(
      (name) => typeof (globalThis as Record<string, unknown>)[name],
    ),
  );
  expect(new Set(types)).toEqual(new Set(['undefined']));
});

test('the page gets the contract and nothing else', async () => {
  const bridge = await app.page.evaluate(() => {
    const { unroll } = window as unknown as { unroll: Record<string, unknown> };
    return {
      members: Object.fromEntries(Object.entries(unroll).map(([name, value]) => [name, typeof value])),
      isFrozen: Object.isFrozen(unroll),
      host: unroll['host'],
    };
  });
  expect(bridge).toEqual({
    members: { host: 'string', request: 'function', onEvent: 'function' },
    isFrozen: true,
    host: 'electron',
  });
});

const EVENT = { kind: 'event', event: 'recordings.changed', body: { recoveredIds: [] } };
const sendEvent = (): Promise<void> =>
  app.electron.evaluate(({ BrowserWindow }, event) => {
    BrowserWindow.getAllWindows()[0]?.webContents.send('unroll:event', event);
  }, EVENT);

test('an event brings its envelope and not the object that Electron made for it', async () => {
  const heard = app.page.evaluate(
    () =>
      new Promise<unknown[]>((resolve) => {
        const { unroll } = window as unknown as { unroll: { onEvent(callback: (...values: unknown[]) => void): void } };
        unroll.onEvent((...values) => resolve(values));
      }),
  );
  // The first may come before the page listens.
  const timer = setInterval(() => void sendEvent(), 200);
  expect(await heard).toEqual([EVENT]);
  clearInterval(timer);
});

test('a listener that is taken away hears no more', async () => {
  await app.page.evaluate(() => {
    const { unroll } = window as unknown as { unroll: { onEvent(callback: () => void): () => void } };
    const heard = { kept: 0, takenAway: 0 };
    Object.assign(window, { heard });
    unroll.onEvent(() => heard.kept++);
    unroll.onEvent(() => heard.takenAway++)();
  });
  await sendEvent();
  const heard = (): Promise<{ kept: number; takenAway: number }> =>
    app.page.evaluate(() => (window as unknown as { heard: { kept: number; takenAway: number } }).heard);
  await expect.poll(async () => (await heard()).kept).toBeGreaterThan(0);
  expect((await heard()).takenAway).toBe(0);
});

test.describe('a message that is not of the contract', () => {
  for (const [what, message] of [
    ['nothing', null],
    ['another kind', { kind: 'event', event: 'engine.state', body: {} }],
    ['an unknown name', { kind: 'request', id: 1, method: 'shell.run', body: {} }],
    ['a path', { kind: 'request', id: 1, method: 'recordings.get', body: { recordingId: '../../etc/passwd' } }],
  ] as const) {
    test(`is refused: ${what}`, async () => {
      const reply = await app.page.evaluate(
        (sent) =>
          (window as unknown as { unroll: { request(message: unknown): Promise<unknown> } }).unroll.request(sent),
        message,
      );
      expect(reply).toMatchObject({ isOk: false, error: { code: 'message.refused' } });
    });
  }
});

test('the policy runs no code made from text', async () => {
  expect(await asThePage(() => (0, eval)('1 + 1'))).toBe('EvalError');
  expect(await asThePage(() => Reflect.construct(Function, ['return 1']) as unknown)).toBe('EvalError');
});

test('the policy runs no script of the page’s own making', async () => {
  await asThePage(() => {
    const script = document.createElement('script');
    script.append(document.createTextNode('window.isRun = true'));
    document.body.append(script);
  });
  await app.page.waitForTimeout(200);
  expect(await app.page.evaluate(() => 'isRun' in window)).toBe(false);
});

test('the policy takes no text for markup', async () => {
  const result = await asThePage(() => {
    document.createElement('div').innerHTML = '<img src=x>';
    return 'taken';
  });
  expect(result).toBe('TypeError');
});

test('the policy knows two makers of trusted text, and takes no third', async () => {
  const made = await asThePage(() => {
    const { trustedTypes } = window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): void } };
    trustedTypes.createPolicy('third', {});
    return 'made';
  });
  expect(made).toBe('TypeError');
});

test('the page reaches no network', async () => {
  const outcome = await app.page.evaluate(() =>
    fetch('http://127.0.0.1:9/').then(
      () => 'reached',
      (error: Error) => error.name,
    ),
  );
  expect(outcome).toBe('TypeError');
});

test('no key opens the developer tools', async () => {
  for (const key of ['F12', 'Control+Shift+I', 'Control+Shift+J', 'Meta+Alt+I']) await app.page.keyboard.press(key);
  const isOpen = await app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().some((window) => window.webContents.isDevToolsOpened()),
  );
  expect(isOpen).toBe(false);
});

test('the page holds no frame', async () => {
  const frames = await app.page.evaluate(async () => {
    const frame = document.createElement('iframe');
    frame.src = 'app://unroll/';
    document.body.append(frame);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const isLoaded = frame.contentDocument?.querySelector('#app') !== null && frame.contentDocument !== null;
    frame.remove();
    return isLoaded;
  });
  expect(frames).toBe(false);
});

for (const address of [
  'https://example.invalid/',
  'file:///etc/passwd',
  'app://unroll/manifest.json',
  'app://other/',
]) {
  test(`the page cannot go to ${address}`, async () => {
    await app.page.evaluate((target) => {
      location.href = target;
    }, address);
    await app.page.waitForTimeout(500);
    expect(await addressOf()).toBe('app://unroll/');
  });
}

test('the microphone is granted to our own page', async () => {
  expect(await askForMedia({ audio: true })).toBe('audio');
});

test('the camera is refused, alone or with the microphone', async () => {
  expect(await askForMedia({ video: true })).toBe('NotAllowedError');
  expect(await askForMedia({ audio: true, video: true })).toBe('NotAllowedError');
});

test('microphones have names for our page, cameras have none', async () => {
  const devices = await app.page.evaluate(() =>
    navigator.mediaDevices.enumerateDevices().then((all) => all.map(({ kind, label }) => ({ kind, label }))),
  );
  const namesOf = (wanted: string): string[] => devices.filter(({ kind }) => kind === wanted).map(({ label }) => label);
  expect(namesOf('audioinput')).not.toContain('');
  expect(new Set(namesOf('videoinput'))).toEqual(new Set(['']));
});

test('our page can put text on the clipboard', async () => {
  await app.page.evaluate(() => navigator.clipboard.writeText('three one four'));
  expect(await app.electron.evaluate(({ clipboard }) => clipboard.readText())).toBe('three one four');
});

test('every other permission is refused', async () => {
  const outcomes = await app.page.evaluate(async () => [
    await Notification.requestPermission(),
    await new Promise((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve('located'),
        ({ code, PERMISSION_DENIED }) => resolve(code === PERMISSION_DENIED ? 'denied' : 'not to be had'),
      ),
    ),
    await navigator.clipboard.readText().then(
      () => 'read',
      (error: Error) => error.name,
    ),
  ]);
  expect(outcomes).toEqual(['denied', 'denied', 'NotAllowedError']);
});

test.describe('a foreign page', () => {
  let server: Server;
  let address: string;
  test.beforeAll(async () => {
    server = createServer((_request, response) => response.end('<title>foreign</title>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  test.afterAll(() => server.close());

  /** Opens it as the main process could, and asks for what it should not get. */
  const visit = (isNetworkOpen: boolean): Promise<string> =>
    app.electron.evaluate(
      async ({ BrowserWindow, session }, { address, isNetworkOpen }) => {
        // Without the app's own block on the network, the permissions alone must hold.
        if (isNetworkOpen) session.defaultSession.webRequest.onBeforeRequest(null);
        const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true, contextIsolation: true } });
        try {
          await window.loadURL(address);
          return (await window.webContents.executeJavaScript(
            `navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'granted', (error) => error.name)`,
          )) as string;
        } catch (error) {
          return (error as Error).message;
        } finally {
          window.destroy();
        }
      },
      { address, isNetworkOpen },
    );

  test('is not loaded', async () => {
    expect(await visit(false)).toContain('ERR_BLOCKED_BY_CLIENT');
  });

  test('gets no microphone, even where it is loaded', async () => {
    expect(await visit(true)).toBe('NotAllowedError');
  });
});

// Last: Electron 9, driven by Playwright, does not come back from it.
test('the page opens no window', async () => {
  await app.page.evaluate(() => {
    setTimeout(() => ['https://example.invalid/', 'app://unroll/', ''].forEach((address) => window.open(address)));
  });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await app.electron.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
});
