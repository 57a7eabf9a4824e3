// What is learned of texts, and the forms that texts with labels come in.
import { z } from 'zod';
import './schema'; // tells zod, before its first use, that the window allows no code from strings

/** A tag for every word; one of several intents; praise or blame; or the key phrases of a document. */
export const textTaskSchema = z.enum(['slots', 'intent', 'sentiment', 'keywords']);
export type TextTask = z.infer<typeof textTaskSchema>;

/**
 * `table`: a text and its label or tags on each line, parted by a tab. `tokens`: one token with its tag on each line, an empty
 * line between sentences (CoNLL). `threeFiles`: seq.in, seq.out and label, a line each. `keyphrases`: a line of JSON for each
 * document, with `text` and `keyphrases`.
 */
export const textFormSchema = z.enum(['table', 'tokens', 'threeFiles', 'keyphrases']);
export type TextForm = z.infer<typeof textFormSchema>;

/** Whether every word has a tag of its own: key phrases are tagged too. */
export const isTagged = (task: TextTask): boolean => task === 'slots' || task === 'keywords';
