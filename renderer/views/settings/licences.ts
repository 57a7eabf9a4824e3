// The licences of what the app ships, from the list that the build made.
import { z } from 'zod';

const ADDRESS = 'licences.json';

const schema = z.strictObject({
  packages: z.array(
    z.strictObject({ name: z.string(), version: z.string(), licence: z.string(), text: z.number().int().nullable() }),
  ),
  texts: z.array(z.string()),
});

export type ShippedPackage = {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly licence: string;
  /** The licence's own text; null where the package brings none. */
  readonly text: string | null;
};

/** @returns what is shipped, by name; null where the window came without the list */
export async function shippedPackages(): Promise<readonly ShippedPackage[] | null> {
  const answer = await fetch(ADDRESS);
  const isList = answer.ok && (answer.headers.get('content-type') ?? '').includes('json');
  if (!isList) return null;
  const { packages, texts } = schema.parse(await answer.json());
  return packages.map(({ text, ...rest }) => ({ ...rest, text: text === null ? null : (texts[text] ?? null) }));
}
