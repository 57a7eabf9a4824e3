// Words that a language model holds as classes, uniform inside: which letters or digits people said cannot be read from it.
import { UnrollError } from '../../app/errors';
import { readListText } from '../data/manifest';
import type { WordClass } from './ngramModel';

const words = (text: string): string[] => text.split(' ');

/** What names, numbers and dates are spelled with in English. */
export const ENGLISH_CLASSES: readonly WordClass[] = [
  { token: '<letter>', words: words('a b c d e f g h i j k l m n o p q r s t u v w x y z') },
  { token: '<digit>', words: words('zero oh one two three four five six seven eight nine') },
  {
    token: '<teen>',
    words: words('ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'),
  },
  { token: '<tens>', words: words('twenty thirty forty fifty sixty seventy eighty ninety') },
  {
    token: '<ordinal>',
    words: words(
      'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth',
    ),
  },
  {
    token: '<month>',
    words: words('january february march april may june july august september october november december'),
  },
];

/** Classes of a file: a token such as `<city>` and its words on each line. @throws UnrollError manifest.invalid with the line */
export async function readClasses(file: string): Promise<WordClass[]> {
  const seen = new Set<string>();
  return (await readListText(file))
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ fields: line.split(/\s+/u).filter((field) => field !== ''), line: index + 1 }))
    .filter(({ fields }) => fields.length > 0)
    .map(({ fields: [token = '', ...members], line }) => {
      const isNamed = /^<[^<>\s]+>$/u.test(token) && !['<s>', '</s>', '<unk>'].includes(token);
      if (!isNamed || members.length === 0)
        throw new UnrollError('manifest.invalid', { file, line, reason: 'reason.arpa.class' });
      for (const word of members) {
        if (seen.has(word))
          throw new UnrollError('manifest.invalid', { file, line, reason: 'reason.arpa.classWord', word });
        seen.add(word);
      }
      return { token, words: members };
    });
}
