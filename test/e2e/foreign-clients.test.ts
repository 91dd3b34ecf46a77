import { expectedLines, foreignClients, runClient } from '../nec/support/foreign-clients.js';
import { type Hub, startHub } from '../support/hub.js';
import { credentials } from '../support/hub-seed.js';
import { testDialects } from '../support/mysql.js';
import { necUrl } from '../support/soap-call.js';

describe.each(await testDialects())("other people's SOAP clients against the built hub on %s", (dialect) => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await startHub({
      dialect,
      env: { VALIDATE_RESPONSES: '1' },
      seed: (seed) => {
        delete seed.applications![0].plans[0].trialDays; // nobody is billable in a trial
      },
    });
  }, 90_000);
  afterAll(() => hub.close());

  it.each(
    foreignClients.flatMap(([name, command, script]) =>
      (['1.1', '1.2'] as const).flatMap((version) =>
        (
          [
            ['carrier', '4.3'],
            ['carrier-old', '4.2'],
          ] as const
        ).map(([channel, mkp]) => ({ name, command, script, version, channel, mkp })),
      ),
    ),
  )('$name, SOAP $version, MKP $mkp: purchase to removal', async ({ command, script, version, channel, mkp }) => {
    const lines = await runClient({
      command,
      script,
      wsdl: `${necUrl(hub.publicUrl, channel)}?wsdl`,
      ...credentials[channel],
      dialect: mkp,
      realmId: `${script}-${version}`,
      version,
    });
    expect(lines).toEqual(expectedLines(mkp === '4.3'));
  });

  it('leaves a journal that verifies and no error in the log', async () => {
    const { code, stdout } = await hub.cli('journal', 'verify', '--json');
    expect({ code, answer: JSON.parse(stdout) }).toMatchObject({ code: 0, answer: { ok: true, broken: null } });
    expect(hub.output()).not.toMatch(/"level":(50|60)/);
  });
});
