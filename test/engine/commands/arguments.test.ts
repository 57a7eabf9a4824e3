import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseOptions } from '../../../engine/commands/arguments';

const withArguments = (...parameters: string[]) =>
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'program', ...parameters]);
const OPTIONS = { rounds: { type: 'string' }, json: { type: 'boolean' } } as const;

describe('arguments of a program', () => {
  afterEach(() => vi.restoreAllMocks());

  it('are options and names', () => {
    withArguments('step', '--rounds', '3', '--json');
    expect(parseOptions(OPTIONS)).toMatchObject({ values: { rounds: '3', json: true }, positionals: ['step'] });
  });

  it.each([[['--round']], [['--rounds']], [['--json=yes']]])(
    '%j are refused as wrong usage, in a sentence',
    (parameters) => {
      withArguments(...parameters);
      expect(() => parseOptions(OPTIONS)).toThrow(expect.objectContaining({ code: 'usage' }));
      expect(() => parseOptions(OPTIONS)).toThrow('--help tells what there is.');
    },
  );
});
