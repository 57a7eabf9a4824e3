// What a window in another language still says in English.
import { catalogues } from '../../../renderer/i18n/catalogue';

/** Texts and names on the page that the catalogue has in English and that read differently in Chinese. */
export function englishSentences(): string[] {
  const english = new Set<string>();
  for (const [topic, sentences] of Object.entries(catalogues.en)) {
    const chinese = catalogues.zh[topic as keyof typeof catalogues.zh];
    for (const [key, sentence] of Object.entries(sentences)) if (chinese[key] !== sentence) english.add(sentence);
  }
  const seen: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) seen.push(node.textContent?.trim() ?? '');
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
    for (const name of ['aria-label', 'title', 'placeholder']) seen.push(element.getAttribute(name) ?? '');
  return seen.filter((text) => english.has(text));
}
