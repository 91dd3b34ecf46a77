/** `npm run schema`: compares schema/mercator.graphql with what the code prints; `npm run schema -- --write` writes it. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureBuilt, projectRoot } from './build.mjs';

const path = join(projectRoot, 'schema/mercator.graphql');

await ensureBuilt();
const { stdout: printed } = await promisify(execFile)(process.execPath, ['bin/mercator.mjs', 'schema', 'print'], {
  cwd: projectRoot,
  maxBuffer: 64 * 1024 * 1024,
});

if (process.argv.includes('--write')) {
  await writeFile(path, printed);
  process.stdout.write('schema/mercator.graphql written\n');
} else {
  const committed = await readFile(path, 'utf8').catch(() => '');
  if (committed.trimEnd() === printed.trimEnd()) process.stdout.write('schema/mercator.graphql is up to date\n');
  else {
    process.stdout.write(`schema/mercator.graphql differs from the code${firstDifference(committed, printed)}\n`);
    process.stdout.write('Run `npm run schema -- --write`, and add a line for clients to schema/CHANGES.md.\n');
    process.exitCode = 1;
  }
}

function firstDifference(committed, printed) {
  const [a, b] = [committed.split('\n'), printed.split('\n')];
  const at = b.findIndex((line, index) => line !== a[index]);
  return at < 0 ? '' : `, first at line ${at + 1}:\n- ${a[at] ?? '(end)'}\n+ ${b[at]}`;
}
