import { describe, expect, it } from 'vitest';
import chinese from '../../../assets/messages/zh/errors.json';
import { rungReasonOf } from '../../../engine/serve/rungReason';

const XLA = 'XLA does not compile: the trial ended with code 1.';

describe('why a lower rung has to do', () => {
  it('is nothing on the top rung, asked for or found', () => {
    expect(rungReasonOf({ rung: 'compiled', reason: '' }, false, true)).toBeNull();
    expect(rungReasonOf({ rung: 'compiled', reason: '' }, true, true)).toBeNull();
  });

  it.each([
    ['it was asked for', { rung: 'native', reason: 'It was asked for.' }, true, true, 'forced', ''],
    ['there is no library', { rung: 'wasm', reason: 'None.' }, false, false, 'noLibrary', ''],
    ['the library does not start', { rung: 'wasm', reason: 'SIGILL' }, false, true, 'notStarting', 'SIGILL'],
    ['nothing compiles', { rung: 'native', reason: XLA }, false, true, 'notCompiling', XLA],
  ] as const)('is told apart: %s', (_why, choice, isForced, hasLibrary, key, detail) => {
    const told = rungReasonOf(choice, isForced, hasLibrary);
    expect(told).toEqual({ reason: `reason.rung.${key}`, detail });
    expect(chinese).toHaveProperty([`reason.rung.${key}`]);
  });
});
