import { readFile } from 'node:fs/promises';
import { buildMercatorSubgraph } from '../../src/adapters/graphql/mercator.js';

test('schema/mercator.graphql is the schema of the code (npm run schema)', async () => {
  const committed = await readFile(new URL('../../schema/mercator.graphql', import.meta.url), 'utf8');
  expect((await buildMercatorSubgraph()).sdl).toBe(committed);
});
