// The text of an inspection as the network wrote it, words that it does not know among them.
import type { InspectedText } from '../../../app/contract/inspection';

export const writtenText = ({ utterances }: Pick<InspectedText, 'utterances'>): string =>
  utterances.map(({ words }) => words.map(({ text }) => text || '…').join(' ')).join('\n');
