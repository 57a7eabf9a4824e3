// Intl's own writers of numbers, each made once: making one takes many times as long as using it, and a table in motion asks for thousands.
const formats = new Map<string, Intl.NumberFormat>();
const rules = new Map<string, Intl.PluralRules>();

/** @param tag BCP 47 */
export function numberFormat(tag: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const key = `${tag} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(tag, options);
  formats.set(key, made);
  return made;
}

export function pluralRules(tag: string): Intl.PluralRules {
  const known = rules.get(tag);
  if (known) return known;
  const made = new Intl.PluralRules(tag);
  rules.set(tag, made);
  return made;
}
