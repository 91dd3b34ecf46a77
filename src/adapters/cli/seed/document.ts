import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';

export type SeedPath = readonly (string | number)[];

export interface SeedProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

export function renderProblem({ file, line, column, problem }: SeedProblem): string {
  return `${file}:${line}:${column}: ${problem}`;
}

/** A YAML text whose values can be asked for their place. */
export interface SeedDocument {
  readonly file: string;
  readonly value: unknown;
  /** What YAML itself refuses: syntax, a key twice in one map. */
  readonly problems: readonly SeedProblem[];
  /** A problem with the value at the path, or with the nearest thing above it that is there. */
  problemAt(path: SeedPath, problem: string): SeedProblem;
  /** A problem with the key itself, not with its value. */
  problemAtKey(path: SeedPath, key: string, problem: string): SeedProblem;
}

/** Aliases are expanded at most this often, so that a small file cannot become a huge one. */
const maxAliasCount = 100;

export function readSeedDocument(text: string, file: string): SeedDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2' });
  const at = (offset: number, problem: string): SeedProblem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), problem };
  };
  const problems = document.errors.map((error) => at(error.pos[0], sentence(error.message)));
  let value: unknown;
  if (problems.length === 0) {
    try {
      value = document.toJS({ maxAliasCount });
    } catch (error) {
      problems.push(at(0, error instanceof Error ? sentence(error.message) : 'cannot be read'));
    }
  }
  return {
    file,
    value,
    problems,
    problemAt: (path, problem) => at(offsetOf(document, path), problem),
    problemAtKey: (path, key, problem) => at(keyOffset(document, path, key) ?? offsetOf(document, path), problem),
  };
}

function offsetOf(document: Document, path: SeedPath): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return Number(node.range[0]);
    }
  }
  return 0;
}

function keyOffset(document: Document, path: SeedPath, key: string): number | undefined {
  const map: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(map)) return undefined;
  const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

function sentence(message: string): string {
  const first = message.split('\n')[0] ?? message;
  return first.charAt(0).toLowerCase() + first.slice(1);
}
