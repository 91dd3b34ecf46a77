import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { codeOfKind } from '../../src/adapters/graphql/errors.js';
import { errorCatalogue, errorKinds } from '../../src/core/shared/errors.js';

async function rowsOf(section: string): Promise<string[][]> {
  const page = await readFile('docs/errors.md', 'utf8');
  const text = page.slice(page.indexOf(`## ${section}`)).split('\n## ')[0]!;
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.replaceAll('`', '')),
    );
}

describe('docs/errors.md', () => {
  it('lists every code of the catalogue with its kind and text, and no other', async () => {
    const expected = Object.entries(errorCatalogue).map(([code, { kind, text }]) => [code, kind, text]);
    expect((await rowsOf('Codes')).sort()).toEqual(expected.sort());
  });

  it('maps every kind, in GraphQL as the adapter does', async () => {
    const rows = await rowsOf('Kinds');
    expect(rows.map(([kind]) => kind)).toEqual([...errorKinds, 'internal']);
    for (const [kind, graphql] of rows.slice(0, -1)) expect(graphql).toBe(codeOfKind[kind as keyof typeof codeOfKind]);
  });
});
