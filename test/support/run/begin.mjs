/** Before a run: the folder where its workers find databases that others have migrated and given back. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export default async function begin() {
  const run = randomBytes(4).toString('hex');
  const folder = fileURLToPath(new URL(`../../../.tmp/test-runs/${run}`, import.meta.url));
  await mkdir(join(folder, 'free'), { recursive: true });
  await mkdir(join(folder, 'lent'));
  process.env.MERCATOR_TEST_RUN = folder;
}
