import { describe, expect, it } from 'vitest';
import { MAX_NODES, objectionToData } from '../../main/plainData';

const nested = (depth: number): unknown => (depth === 0 ? 1 : { inner: nested(depth - 1) });

describe('what a message may be made of', () => {
  it('is objects, lists, texts, numbers and typed arrays', () => {
    const body = {
      name: 'a',
      list: [1, true, null, { pcm: new Int16Array(4) }],
      frames: new Float32Array(1),
      none: undefined,
    };
    expect(objectionToData(body)).toBeNull();
  });

  it.each([
    ['a Date', new Date(0)],
    ['a Map', new Map()],
    ['a RegExp', /x/],
    ['a DataView', new DataView(new ArrayBuffer(1))],
    ['a Uint16Array', new Uint16Array(1)],
    ['a bigint', 1n],
  ])('is not %s', (_, value) => {
    expect(objectionToData({ value })).toMatch(/^Expected data, but got a/);
  });

  it('is no typed array alone, which a schema would read key by key', () => {
    expect(objectionToData(new Uint8Array(1))).toBe('Expected an object');
  });

  it('has an end: in depth, in number, and where it holds itself', () => {
    const self: { me?: unknown } = {};
    self.me = self;
    expect(objectionToData(nested(60))).toBeNull();
    expect(objectionToData(nested(80))).toMatch(/levels$/);
    expect(objectionToData(self)).toMatch(/levels$/);
    expect(objectionToData({ list: new Array(MAX_NODES).fill(0) })).toMatch(/values$/);
  });

  it('leaves a typed array unread, however long', () => {
    expect(objectionToData({ bytes: new Uint8Array(MAX_NODES + 1) })).toBeNull();
  });
});
