// The numbers behind a figure: for screen readers, and as a file.

export interface LabTable {
  readonly columns: readonly string[];
  /** A cell is empty where there is no number. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Comma-separated values, numbers with a point. */
export function tableAsCsv({ columns, rows }: LabTable): string {
  return [columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\n');
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return /[",\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value;
}
