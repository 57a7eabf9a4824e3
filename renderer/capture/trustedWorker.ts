// Starts the window's workers under a content security policy that trusts no text as the address of a script.
import featureWorker from './feature.worker.ts?worker&url';

/** The workers that the build made: the policy knows no other address. */
const BUILT = { features: featureWorker } as const;
export type WorkerName = keyof typeof BUILT;

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
  policy ??= trustedTypes.createPolicy('app-worker', { createScriptURL: builtWorker });
  return policy.createScriptURL(url) as string;
}

/** @throws Error for every address but a built worker's */
export function builtWorker(url: string): string {
  if (!Object.values<string>(BUILT).includes(url)) throw new Error(`Expected a worker of our own, not ${url}`);
  return url;
}

export const startWorker = (name: WorkerName): Worker => new Worker(trusted(BUILT[name]), { type: 'module' });
