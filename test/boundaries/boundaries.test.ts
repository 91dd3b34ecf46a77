import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

describe('the import rules', () => {
  it('catch every planted violation, each by its own rule, and find the tree clean', async () => {
    const run = promisify(execFile)(process.execPath, ['scripts/boundaries.mjs']);
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    expect(stdout).toMatch(/^boundaries: \d+ rules, \d+ modules, 0 violations\n$/);
  }, 60_000);
});
