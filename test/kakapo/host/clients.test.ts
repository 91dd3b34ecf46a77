import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { interfaceUser, type KakapoHub, openKakapoHub, providerHost } from '../support/hub.js';

const python = process.env.ZEEP_PYTHON ?? '/usr/bin/python3';

let hub: KakapoHub;
beforeAll(async () => {
  hub = await openKakapoHub('sqlite');
});
afterAll(() => hub.close());

describe("other people's libraries, from the served description", () => {
  it.each([
    ['PHP SoapClient', 'php', 'kakapo.php', 'php', ['Soap', 'Soap12']],
    ['zeep', python, 'kakapo_zeep.py', 'zeep', ['Soap', 'Soap12', 'HttpGet', 'HttpPost']],
  ])('%s', async (_, command, script, prefix, ports) => {
    const { loginUserName, loginPassword } = interfaceUser;
    const { stdout } = await promisify(execFile)(command, [
      `test/kakapo/host/clients/${script}`,
      `${hub.url()}?WSDL`,
      loginUserName,
      loginPassword,
      providerHost,
    ]);
    const answers: unknown[][] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const done = { success: true };
    expect(answers).toEqual(
      ports.map((port) => [
        port,
        done,
        done,
        [
          {
            resellerId: prefix,
            groupId: `${prefix}-${port}`,
            broadworksUserId: `${prefix}-${port}@op.example`,
            userName: 'Ada',
          },
        ],
        [{ applicationName: 'UnityDesktop', licenseType: 'Pro', assignedOn: '2026-01-15T09:00:00Z' }],
        { success: false, errorMessage: "Reseller 'none' was not found" },
      ]),
    );
  });
});
