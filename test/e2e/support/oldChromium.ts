// Playwright's own script inside a page uses what Chromium 83 lacks. A selector engine is evaluated in that script's
// world before it, which is where the missing can be put.
import { selectors } from '@playwright/test';

/** Runs inside the page. */
function engine(): { query(): null; queryAll(): never[] } {
  function define<T extends object>(object: T, name: string, value: unknown): void {
    if (!(name in object)) Object.defineProperty(object, name, { value, configurable: true, writable: true });
  }
  const isHidden = (element: Element | null): boolean =>
    element !== null && (getComputedStyle(element).display === 'none' || isHidden(element.parentElement));
  define(Element.prototype, 'checkVisibility', function (this: Element): boolean {
    return this.isConnected && !isHidden(this);
  });
  define(Array.prototype, 'at', function (this: unknown[], index: number) {
    return this[index < 0 ? this.length + index : index];
  });
  define(Object, 'hasOwn', (object: object, key: string) => Object.prototype.hasOwnProperty.call(object, key));
  define(String.prototype, 'replaceAll', function (this: string, what: string | RegExp, by: string) {
    return what instanceof RegExp ? this.replace(what, by) : this.split(what).join(by);
  });
  return { query: () => null, queryAll: () => [] };
}

let isRegistered = false;

/** Before the first window. */
export async function supportOldChromium(): Promise<void> {
  if (isRegistered) return;
  isRegistered = true;
  await selectors.register('old-chromium', engine, { contentScript: true });
}
