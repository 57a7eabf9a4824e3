import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BARS, CSV, rowsOf, tableOf, TSV, type TableForm } from '../../../../engine/data/importers/delimited';

const fieldsOf = (text: string, form: TableForm) => [...rowsOf(text, form)].map(({ fields }) => fields);

describe('comma-separated values', () => {
  it.each([
    ['plain fields', 'a,b\nc,d\n', [['a', 'b'], ['c', 'd']]], // prettier-ignore
    ['no line end at the end', 'a,b', [['a', 'b']]],
    ['Windows and old Macintosh line ends', 'a,b\r\nc,d\re,f', [['a', 'b'], ['c', 'd'], ['e', 'f']]], // prettier-ignore
    ['empty fields', ',a,\n', [['', 'a', '']]],
    ['a quoted comma', '"a,b",c', [['a,b', 'c']]],
    ['a quoted line end', '"a\r\nb",c', [['a\r\nb', 'c']]],
    ['a doubled quotation mark', '"say ""go""",c', [['say "go"', 'c']]],
    ['a quotation mark inside a field', 'a "b" c,d', [['a "b" c', 'd']]],
    ['an empty quotation', '"",a', [['', 'a']]],
    ['what follows a quotation', '"a"b,c', [['ab', 'c']]],
    ['a quotation that never ends', 'a,"b\nc', [['a', 'b\nc']]],
    ['blank lines', '\n\na,b\n  \n', [['a', 'b']]],
    ['a byte-order mark', '\uFEFFa,b', [['a', 'b']]],
    ['nothing', '', []],
  ])('with %s', (_what, text, fields) => {
    expect(fieldsOf(text, CSV)).toEqual(fields);
  });

  it('tell the line where each row begins', () => {
    expect([...rowsOf('a\n"b\nc"\n\nd', CSV)].map(({ line }) => line)).toEqual([1, 2, 5]);
  });

  it('come back as they were written (RFC 4180)', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', 'é', ' ') });
    const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(rows, (table) => {
        const text = table.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n');
        expect(fieldsOf(text, CSV)).toEqual(table);
      }),
    );
  });
});

describe('lines of fields', () => {
  it('know no quoting', () => {
    expect(fieldsOf('"a\tb"\n', TSV)).toEqual([['"a', 'b"']]);
    expect(fieldsOf('id|say "go"|x\n', BARS)).toEqual([['id', 'say "go"', 'x']]);
  });
});

describe('a table', () => {
  it('gives values by the name of their column, whatever its case', () => {
    const { columns, rows, value } = tableOf('Path, Text\n a.wav , one \nb.wav\n', CSV);
    expect(columns).toEqual(['path', 'text']);
    expect([...rows].map((row) => [value(row, 'path'), value(row, 'text'), value(row, 'none')])).toEqual([
      ['a.wav', 'one', null],
      ['b.wav', null, null],
    ]);
  });
});
