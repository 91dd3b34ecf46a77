import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exchange } from './support/caller.js';
import { canonical } from './support/canonical.js';
import { type ChannelName, type NecHub, password, startNecHub } from './support/hub.js';
import { standardWorld } from './support/standard-world.js';

/**
 * Every folder of test/protocol/nec is a case: request.xml is sent to a hub with the standard world, the answer is compared with
 * response.xml as canonical XML (`***` there stands for any text). A file `channel` names another connection than carrier.
 */
const cases = join(dirname(fileURLToPath(import.meta.url)), '..', 'protocol', 'nec');
const names = readdirSync(cases).sort();
const folder = mkdtempSync(join(tmpdir(), 'mercator-nec-cases-'));
let secretKey: string;

beforeAll(async () => {
  const hub = await startNecHub('sqlite', { folder: join(folder, 'world') });
  ({ secretKey } = hub);
  await standardWorld(hub.as('carrier'));
  await hub.close();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function withWorld<T>(name: string, work: (hub: NecHub) => Promise<T>): Promise<T> {
  const own = join(folder, name);
  cpSync(join(folder, 'world'), own, { recursive: true });
  const hub = await startNecHub('sqlite', { folder: own, secretKey });
  try {
    return await work(hub);
  } finally {
    await hub.close();
  }
}

it('are at least fifteen', () => {
  expect(names.length).toBeGreaterThanOrEqual(15);
});

it.each(names)('%s', async (name) => {
  const read = (file: string): string => readFileSync(join(cases, name, file), 'utf8');
  const channel = existsSync(join(cases, name, 'channel')) ? read('channel').trim() : 'carrier';
  const reply = await withWorld(name, (hub) =>
    exchange(hub.url(channel as ChannelName), read('request.xml'), {
      'content-type': 'text/xml; charset=utf-8',
      authorization: `Basic ${Buffer.from(`mkp-${channel}:${password}`).toString('base64')}`,
    }),
  );
  expect(canonical(reply.text, read('response.xml'))).toEqual(canonical(read('response.xml')));
});
