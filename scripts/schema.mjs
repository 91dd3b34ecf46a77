/**
 * Writes `schema/mercator.graphql` from the code; with `--check` compares instead and fails when they differ, so that every
 * change of the public API is seen in review.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { ensureBuilt, projectRoot } from './build.mjs';

const target = new URL('../schema/mercator.graphql', import.meta.url);
const check = process.argv.includes('--check');

await ensureBuilt({ root: projectRoot });
const { buildMercatorSubgraph } = await import('../dist/src/adapters/graphql/mercator.js');
const { sdl } = await buildMercatorSubgraph();
const committed = await readFile(target, 'utf8').catch(() => '');

if (committed === sdl) {
  process.stdout.write('schema/mercator.graphql is up to date\n');
} else if (check) {
  process.stderr.write(
    `schema/mercator.graphql differs from the code: ${firstDifference(committed, sdl)}\nRun \`npm run schema\`.\n`,
  );
  process.exitCode = 1;
} else {
  await writeFile(target, sdl);
  process.stdout.write('schema/mercator.graphql written\n');
}

function firstDifference(before, after) {
  const old = before.split('\n');
  const line = after.split('\n').findIndex((text, index) => text !== old[index]);
  return line === -1 ? `line ${after.split('\n').length + 1}` : `line ${line + 1}`;
}
