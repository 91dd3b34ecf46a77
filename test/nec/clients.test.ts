import { expectedLines, foreignClients, runClient } from './support/foreign-clients.js';
import { type ChannelName, type NecHub, password, startNecHub } from './support/hub.js';

let hub: NecHub;
beforeAll(async () => {
  hub = await startNecHub('sqlite');
});
afterAll(() => hub.close());

describe.each(foreignClients)('%s, generated from the served WSDL', (_, command, script) => {
  it.each([
    ['carrier', '4.3', '1.1'],
    ['carrier', '4.3', '1.2'],
    ['carrier-old', '4.2', '1.1'],
    ['carrier-old', '4.2', '1.2'],
  ] as const)('buys, uses, suspends, restores and removes on %s (%s, SOAP %s)', async (channel, dialect, version) => {
    const lines = await runClient({
      command,
      script,
      wsdl: `${hub.url(channel satisfies ChannelName)}?wsdl`,
      username: `mkp-${channel}`,
      password,
      dialect,
      realmId: `${script}-${version}`,
      version,
    });
    expect(lines).toEqual(expectedLines(dialect === '4.3'));
  });
});
