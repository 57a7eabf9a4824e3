import { promises as fs } from 'node:fs';
import { resolve } from 'node:path';
import { SHORTCUTS_DOCUMENT, shortcutsText } from './shortcuts';
import { DOCUMENT, documentText } from './trainingConfig';

const ROOT = resolve(__dirname, '../..');

void documentText(ROOT).then((text) => fs.writeFile(resolve(ROOT, DOCUMENT), text));
void fs.writeFile(resolve(ROOT, SHORTCUTS_DOCUMENT), shortcutsText());
