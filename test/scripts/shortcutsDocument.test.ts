import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { SHORTCUT_IDS, SHORTCUTS } from '../../renderer/shell/shortcuts';
import { SHORTCUTS_DOCUMENT, shortcutsText } from '../../scripts/docs/shortcuts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Views whose several pages use one key for what is there at the time: never two of them at once. */
const SHARED_IN_TURNS: Readonly<Record<string, readonly string[]>> = {
  data: ['Space', 'K', 'Enter'],
  train: ['P'],
  inspect: ['Space', 'T'],
};

it('the document of keys is the one that the table makes', () => {
  expect(readFileSync(join(ROOT, SHORTCUTS_DOCUMENT), 'utf8')).toBe(shortcutsText());
});

it('every row of the table belongs to a command of the window', () => {
  const sources = readdirSync(join(ROOT, 'renderer'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(svelte|ts)$/.test(name) && !name.endsWith('shortcuts.ts'))
    .map((name) => readFileSync(join(ROOT, 'renderer', name), 'utf8'))
    .join('\n');
  const isUsed = (id: string): boolean =>
    sources.includes(`id: '${id}'`) ||
    id.startsWith('view.') ||
    sources.includes(`key('${id.replace('inspect.', '')}',`);
  expect(SHORTCUT_IDS.filter((id) => !isUsed(id))).toEqual([]);
});

it('no key of one view stands for two things', () => {
  const seen = new Map<string, string>();
  const doubled = SHORTCUT_IDS.flatMap((id) => {
    const { place, keys } = SHORTCUTS[id];
    return keys.flatMap((chord) => {
      const at = `${place} ${chord}`;
      const other = seen.get(at);
      seen.set(at, id);
      const isShared = SHARED_IN_TURNS[place]?.includes(chord) ?? false;
      return other === undefined || isShared ? [] : [`${at}: ${other} and ${id}`];
    });
  });
  expect(doubled).toEqual([]);
});
