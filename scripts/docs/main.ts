import { promises as fs } from 'node:fs';
import { resolve } from 'node:path';
import { DOCUMENT, documentText } from './trainingConfig';

const ROOT = resolve(__dirname, '../..');

void documentText(ROOT).then((text) => fs.writeFile(resolve(ROOT, DOCUMENT), text));
