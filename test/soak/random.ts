// Choices that follow from a seed.
export type Random = () => number;

/** @returns a whole number from `least` to `most` */
export const integer = (random: Random, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1));

export function choice<A>(random: Random, items: readonly A[]): A {
  const item = items[integer(random, 0, items.length - 1)];
  if (item === undefined) throw new Error('Expected something to choose from');
  return item;
}

export const isChance = (random: Random, chance: number): boolean => random() < chance;
