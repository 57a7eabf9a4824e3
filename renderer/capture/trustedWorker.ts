// Starts a worker under a content security policy that trusts no text as the address of a script.

interface ScriptUrlPolicy {
  createScriptURL(url: string): unknown;
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy;
}

let policy: ScriptUrlPolicy | null = null;

function trusted(url: string): string {
  const { trustedTypes } = globalThis as unknown as { trustedTypes?: PolicyFactory };
  // Chromium before 83 and some other browsers know no trusted types: there the address is taken as it is.
  if (!trustedTypes) return url;
  policy ??= trustedTypes.createPolicy('app-worker', { createScriptURL: ownScript });
  return policy.createScriptURL(url) as string;
}

function ownScript(url: string): string {
  const { protocol, host } = new URL(url, location.href);
  if (protocol !== location.protocol || host !== location.host)
    throw new Error(`Expected a script of our own, not ${url}`);
  return url;
}

/** @param url what an import with `?worker&url` gives */
export const startWorker = (url: string): Worker => new Worker(trusted(url), { type: 'module' });
