// For `--mode electron9` alone, in front of every chunk: what V8 8.3, Chromium 83 and Node 12 lack. No imports.
(function (global) {
  function define(object, name, value) {
    if (object && !(name in object)) Object.defineProperty(object, name, { value, writable: true, configurable: true });
  }
  const typedArray = Object.getPrototypeOf(Int8Array.prototype);
  const arrays = [Array.prototype, typedArray];

  const at = function (index) {
    const whole = Math.trunc(index) || 0;
    return this[whole < 0 ? this.length + whole : whole];
  };
  for (const prototype of [...arrays, String.prototype]) define(prototype, 'at', at);

  const findLastIndex = function (isWanted, self) {
    for (let i = this.length - 1; i >= 0; i--) if (isWanted.call(self, this[i], i, this)) return i;
    return -1;
  };
  for (const prototype of arrays) {
    define(prototype, 'findLastIndex', findLastIndex);
    define(prototype, 'findLast', function (isWanted, self) {
      return this[findLastIndex.call(this, isWanted, self)];
    });
    define(prototype, 'toSorted', function (compare) {
      return this.slice().sort(compare);
    });
    define(prototype, 'toReversed', function () {
      return this.slice().reverse();
    });
    define(prototype, 'with', function (index, value) {
      const copy = this.slice();
      copy[index < 0 ? copy.length + index : index] = value;
      return copy;
    });
  }
  define(Array.prototype, 'toSpliced', function (...how) {
    const copy = this.slice();
    copy.splice(...how);
    return copy;
  });

  define(Object, 'hasOwn', (object, name) => Object.prototype.hasOwnProperty.call(object, name));
  const group = (items, keyOf, add) => {
    let i = 0;
    for (const item of items) add(keyOf(item, i++), item);
  };
  define(Object, 'groupBy', (items, keyOf) => {
    const groups = Object.create(null);
    group(items, keyOf, (key, item) => (groups[key] = groups[key] || []).push(item));
    return groups;
  });
  define(Map, 'groupBy', (items, keyOf) => {
    const groups = new Map();
    group(items, keyOf, (key, item) => (groups.has(key) ? groups.get(key).push(item) : groups.set(key, [item])));
    return groups;
  });

  define(String.prototype, 'replaceAll', function (what, by) {
    if (what instanceof RegExp) return this.replace(what, by);
    const replacement = typeof by === 'function' ? by : () => by;
    return this.split(what).reduce((before, after) => before + replacement(what) + after);
  });

  define(Promise, 'withResolvers', function () {
    let resolve, reject;
    const promise = new Promise((whenDone, whenFailed) => {
      resolve = whenDone;
      reject = whenFailed;
    });
    return { promise, resolve, reject };
  });
  define(Promise, 'any', (promises) => {
    // The first to succeed settles it: with success and failure swapped, that is Promise.all.
    const swap = (promise) =>
      Promise.resolve(promise).then(
        (value) => Promise.reject(value),
        (error) => error,
      );
    return Promise.all(Array.from(promises, swap)).then(
      (errors) => Promise.reject(Object.assign(new Error('All promises were rejected'), { errors })),
      (value) => value,
    );
  });
  define(
    global,
    'AggregateError',
    class extends Error {
      constructor(errors, message) {
        super(message);
        this.errors = Array.from(errors);
      }
    },
  );

  // Kept alive instead of weakly held: a test ends before that matters.
  define(
    global,
    'WeakRef',
    class {
      constructor(target) {
        this.target = target;
      }
      deref() {
        return this.target;
      }
    },
  );
  define(
    global,
    'FinalizationRegistry',
    class {
      register() {}
      unregister() {}
    },
  );

  if (typeof Buffer === 'function') {
    define(global, 'atob', (text) => Buffer.from(text, 'base64').toString('latin1'));
    define(global, 'btoa', (text) => Buffer.from(text, 'latin1').toString('base64'));
  }
  if (typeof AbortSignal === 'function') {
    define(AbortSignal.prototype, 'throwIfAborted', function () {
      if (this.aborted) throw this.reason || new Error('This operation was aborted');
    });
    define(AbortSignal, 'timeout', (ms) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), ms);
      return controller.signal;
    });
  }

  const cloneOf = (value, seen) => {
    if (value === null || typeof value !== 'object') {
      if (typeof value === 'function' || typeof value === 'symbol') throw new Error('It could not be cloned');
      return value;
    }
    if (seen.has(value)) return seen.get(value);
    const keep = (copy) => {
      seen.set(value, copy);
      return copy;
    };
    if (value instanceof Date) return keep(new Date(value));
    if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
    if (value instanceof ArrayBuffer) return keep(value.slice(0));
    if (value instanceof DataView) {
      return keep(new DataView(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength)));
    }
    if (ArrayBuffer.isView(value)) return keep(value.slice());
    if (value instanceof Map) {
      const copy = keep(new Map());
      value.forEach((item, key) => copy.set(cloneOf(key, seen), cloneOf(item, seen)));
      return copy;
    }
    if (value instanceof Set) {
      const copy = keep(new Set());
      value.forEach((item) => copy.add(cloneOf(item, seen)));
      return copy;
    }
    const copy = keep(Array.isArray(value) ? new Array(value.length) : {});
    for (const key of Object.keys(value)) copy[key] = cloneOf(value[key], seen);
    return copy;
  };
  define(global, 'structuredClone', (value) => cloneOf(value, new Map()));

  if (global.crypto && global.crypto.getRandomValues) {
    define(global.crypto, 'randomUUID', () => {
      const bytes = global.crypto.getRandomValues(new Uint8Array(16));
      bytes[6] = (bytes[6] & 0x0f) | 0x40;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
    });
  }
  if (global.Element) {
    const replaceChildren = function (...nodes) {
      while (this.lastChild) this.removeChild(this.lastChild);
      this.append(...nodes);
    };
    for (const type of [Element, Document, DocumentFragment])
      define(type.prototype, 'replaceChildren', replaceChildren);
  }
  // Main and preload have modules, the page has none. This text stands before a CommonJS bundle, where nothing can be imported.
  /* eslint-disable @typescript-eslint/no-require-imports */
  if (typeof require === 'function' && typeof process === 'object' && process.type === 'browser') {
    const files = require('fs');
    define(files, 'rmSync', (path) => files.rmdirSync(path, { recursive: true }));
    define(global, 'performance', require('perf_hooks').performance);
  }
  /* eslint-enable @typescript-eslint/no-require-imports */
})(globalThis);
