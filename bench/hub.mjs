/** The hub as it is deployed, from dist/ and the environment alone; applies SEED_FILE first. ROLES says what runs. */
import { readFile } from 'node:fs/promises';
import { applySeed } from '../dist/src/adapters/cli/seed/apply.js';
import { parseSeed } from '../dist/src/adapters/cli/seed/parse.js';
import { createHub } from '../dist/src/bootstrap/container.js';
import { channelSettings } from '../dist/src/bootstrap/marketplaces.js';
import { readConfig } from '../dist/src/platform/config.js';

const config = readConfig();
const hub = await createHub(config);
if (config.seedFile !== undefined) {
  const text = await readFile(config.seedFile, 'utf8');
  await applySeed(hub, parseSeed(text, config.seedFile, channelSettings), 'bench');
}
await hub.listen();
process.on('SIGTERM', () => void hub.close().then(() => process.exit(0)));
