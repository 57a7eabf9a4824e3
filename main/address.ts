// The window's own address. `app:` has no origin that URL would tell, so its parts are compared.
export const SCHEME = 'app';
export const HOST_NAME = 'unroll';
export const PAGE_ADDRESS = `${SCHEME}://${HOST_NAME}/`;

export function parseAddress(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** True for any address of the app's own origin. */
export function isOwnAddress(address: string): boolean {
  const url = parseAddress(address);
  return url !== null && url.protocol === `${SCHEME}:` && url.host === HOST_NAME;
}

/** True for the app's one page, with or without a fragment. */
export function isPageAddress(address: string): boolean {
  return isOwnAddress(address) && new URL(address).pathname === '/' && new URL(address).search === '';
}
