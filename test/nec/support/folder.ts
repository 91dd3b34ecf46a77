import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function createTemporaryFolder(): { path: string; drop(): Promise<void> } {
  const path = mkdtempSync(join(tmpdir(), 'mercator-nec-'));
  return { path, drop: async () => rmSync(path, { recursive: true, force: true }) };
}
