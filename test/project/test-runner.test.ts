import { execFile } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

interface Outcome {
  code: number;
  lines: string[];
}

/** Runs the test command on one small file, as a process of its own. */
function runTests(environment: Record<string, string>, ...args: string[]): Promise<Outcome> {
  const { CI: _, ...inherited } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['scripts/test.mjs', ...args],
      { env: { ...inherited, ...environment } },
      (_error, stdout) => resolve({ code: child.exitCode ?? -1, lines: stdout.trimEnd().split('\n') }),
    );
  });
}

const unreachable = { MYSQL_URL: 'mysql://tester:hidden-password@127.0.0.1:1' };
const small = ['test/platform/ids.test.ts', '-w', '1'];

describe('npm test', () => {
  it('says that the MySQL half was skipped and why, and ends in one line of counts', async () => {
    const { code, lines } = await runTests(unreachable, ...small);
    expect(lines.at(-1)).toBe('5 passed, 0 failed');
    expect(lines.join('\n')).toContain(
      'The MySQL half was skipped: mysql://tester@127.0.0.1:1 does not answer (ECONNREFUSED)',
    );
    expect(lines.join('\n')).not.toContain('hidden-password');
    expect(code).toBe(0);
  }, 60_000);

  it('takes a missing MySQL for a failure in continuous integration', async () => {
    const { code, lines } = await runTests({ ...unreachable, CI: 'true' }, ...small);
    expect([code, lines.at(-1)]).toEqual([1, '5 passed, 1 failed']);
  }, 60_000);

  it('fails when there is nothing to run', async () => {
    const { code, lines } = await runTests(unreachable, 'test/no-such-folder');
    expect([code, lines.at(-1)]).toEqual([1, '0 passed, 1 failed']);
  }, 60_000);
});
