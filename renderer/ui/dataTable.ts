// The numbers behind a figure: for screen readers, and as a file.

export interface DataTable {
  readonly columns: readonly string[];
  /** A cell is empty where there is no number. */
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** What the rows are, where they are not all. */
  readonly note?: string;
}

/** Comma-separated values, numbers with a point. */
export function tableAsCsv({ columns, rows }: DataTable): string {
  return [columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\n');
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return /[",\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value;
}
