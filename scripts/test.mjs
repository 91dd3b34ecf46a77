/**
 * `npm test [-- jest arguments]`: runs jest and ends with one line `N passed, N failed`. Without a MySQL server the MySQL
 * half is left out and that is said; under CI=true it counts as one failure.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whyNoMysql } from './mysql-probe.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const ci = process.env.CI === 'true' || process.env.CI === '1';
const report = join(root, '.tmp', `jest-${process.pid}.json`);
await mkdir(join(root, '.tmp'), { recursive: true });

const noMysql = await whyNoMysql();
const code = await runJest(process.argv.slice(2));
const result = await readReport();
await rm(report, { force: true });

let { passed, failed } = result;
if (noMysql !== undefined) {
  process.stdout.write(`The MySQL half was skipped: ${noMysql}\n`);
  if (ci) {
    process.stdout.write('Under CI=true that is a failure.\n');
    failed += 1;
  }
}
if (code !== 0 && failed === 0) failed = 1; // jest itself refused: bad arguments, open handles, a crash
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function runJest(args) {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      jest,
      '--json',
      `--outputFile=${report}`,
      ...args,
    ],
    {
      cwd: root,
      stdio: ['inherit', 'ignore', 'inherit'], // jest reports on stderr; with --json stdout only repeats the file
      env: { ...process.env, NODE_ENV: 'test', MERCATOR_TEST_MYSQL: noMysql ?? 'reachable' },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (exit) => resolve(exit ?? 1));
  });
}

async function readReport() {
  try {
    const json = JSON.parse(await readFile(report, 'utf8'));
    return { passed: json.numPassedTests, failed: json.numFailedTests + json.numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
