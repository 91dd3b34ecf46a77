type Row = Readonly<Record<string, unknown>>;
type Compare = (order: number) => boolean;

const suffixes: readonly (readonly [suffix: string, holds: Compare])[] = [
  ['_strictly_before', (order) => order < 0],
  ['_before', (order) => order <= 0],
  ['_strictly_after', (order) => order > 0],
  ['_after', (order) => order >= 0],
  ['_strictly_greater_than', (order) => order > 0],
  ['_greater_than', (order) => order >= 0],
  ['_strictly_lower_than', (order) => order < 0],
  ['_lower_than', (order) => order <= 0],
];

/** The rows for which every filter holds. A name that is no column leaves nothing: the answer is an empty list, not an error. */
export function filterRows(rows: readonly Row[], query: URLSearchParams): readonly Row[] {
  return rows.filter((row) => [...query].every(([name, value]) => holds(row, name, value)));
}

function holds(row: Row, name: string, wanted: string): boolean {
  if (Object.hasOwn(row, name)) return String(row[name]) === wanted;
  for (const [suffix, compare] of suffixes) {
    if (!name.endsWith(suffix)) continue;
    const column = name.slice(0, -suffix.length);
    if (!Object.hasOwn(row, column)) continue;
    const order = orderOf(row[column], wanted);
    return !Number.isNaN(order) && compare(order);
  }
  return false;
}

function orderOf(value: unknown, wanted: string): number {
  if (value === null) return Number.NaN;
  const number = Number(value) - Number(wanted);
  return Number.isNaN(number) ? Date.parse(String(value)) - Date.parse(wanted) : number;
}
