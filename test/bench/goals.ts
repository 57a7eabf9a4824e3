// What the product promises of its speed.

export interface Goal {
  readonly text: string;
  readonly unit: string;
  readonly sense: 'at least' | 'at most';
  readonly limit: number;
  readonly value: number;
}

export const isMet = ({ sense, limit, value }: Goal): boolean =>
  sense === 'at least' ? value >= limit : value <= limit;
