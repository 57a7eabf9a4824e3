// The headers of everything a window loads, the same in Electron and in a browser.

/**
 * What a page may load and run: its own files and nothing else.
 * @param sockets addresses it may open WebSockets to
 */
export function contentSecurityPolicy(sockets: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    ["connect-src 'self'", ...sockets].join(' '),
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    // Svelte's templates, and the addresses of our own workers.
    'trusted-types svelte-trusted-html app-worker',
  ].join('; ');
}

/** @param policy a content security policy */
export const securityHeaders = (policy: string): Record<string, string> => ({
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'microphone=(self), camera=(), display-capture=(), geolocation=(), usb=(), serial=(), hid=()',
  // A file's name changes with its content, except that of the page; nothing here is worth a cache on disk.
  'Cache-Control': 'no-store',
});
