// The keys of the window as a document, from the table that the window itself reads.
import { catalogues, type MessageKey, type Topic } from '../../renderer/i18n/catalogue';
import { SHORTCUT_IDS, SHORTCUTS, type ShortcutPlace } from '../../renderer/shell/shortcuts';

export const SHORTCUTS_DOCUMENT = 'docs/shortcuts.md';

const INTRODUCTION = `# Keys

Made by \`node scripts/make-docs.mjs\` from the table in \`renderer/shell/shortcuts.ts\`, which the window reads as well. \`?\` lists
the keys of the present view; Settings, Keys changes them. On a Mac, ⌘ takes the place of Ctrl. Single letters rest while a
text field is written in, and a view's keys go before those that work everywhere.
`;

function english(key: MessageKey): string {
  const dot = key.indexOf('.');
  const sentence = catalogues.en[key.slice(0, dot) as Topic][key.slice(dot + 1)];
  if (sentence === undefined) throw new Error(`Expected an English sentence for ${key}`);
  return sentence;
}

const nameOf = (place: ShortcutPlace): string =>
  place === 'everywhere' ? english('common.keysEverywhere') : english(`common.view.${place}`);

const places = (): ShortcutPlace[] => [...new Set(SHORTCUT_IDS.map((id) => SHORTCUTS[id].place))];

export function shortcutsText(): string {
  const sections = places().map((place) => {
    const rows = SHORTCUT_IDS.filter((id) => SHORTCUTS[id].place === place).map(
      (id) => `- ${SHORTCUTS[id].keys.map((keys) => `\`${keys}\``).join(', ')}: ${english(SHORTCUTS[id].label)}`,
    );
    return `## ${nameOf(place)}\n\n${rows.join('\n')}\n`;
  });
  return [INTRODUCTION, ...sections].join('\n');
}
