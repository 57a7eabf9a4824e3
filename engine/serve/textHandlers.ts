// What each method about texts asks of the models that read them.
import { join } from 'node:path';
import type { textMethods } from '../../app/contract/texts';
import type { Rung } from '../../app/contract/rung';
import { traceText } from '../inspection/textTrace';
import { readTexts } from '../labelling/readTexts';
import type { TextShelf } from '../labelling/textShelf';
import { wordVectors } from '../labelling/wordVectors';
import { newId } from '../library/recordingFiles';
import type { ListeningHandlers } from './dispatcher';

export interface TextRoom {
  readonly shelf: TextShelf;
  /** Folder for files that last as long as an answer takes. */
  readonly folder: string;
  readonly rung: Rung;
}

export const makeTextHandlers = ({
  shelf,
  folder,
  rung,
}: TextRoom): Pick<ListeningHandlers, keyof typeof textMethods> => ({
  'texts.models': async () => ({ models: await shelf.list() }),
  'texts.read': ({ modelId, texts }) =>
    shelf.use(modelId, async ({ labeller }) => ({ readings: await readTexts(labeller, texts) })),
  'texts.trace': ({ modelId, text }) =>
    shelf.use(modelId, (model) => traceText(model, text, { path: join(folder, `${newId()}.bin`), rung })),
  'texts.vectors': ({ modelId, words }) => shelf.use(modelId, async (model) => wordVectors(model, words)),
});
