import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ChannelName, type NecHub, password, startNecHub } from './support/hub.js';

const run = promisify(execFile);
const folder = join(dirname(fileURLToPath(import.meta.url)), 'clients');
const python = process.env.ZEEP_PYTHON ?? '/usr/bin/python3';

let hub: NecHub;
beforeAll(async () => {
  hub = await startNecHub('sqlite');
});
afterAll(() => hub.close());

const user = (modern: boolean, enable: boolean) =>
  modern ? 'UpdateUserStatus' : enable ? 'EnableUser' : 'DisableUser';
const realm = (modern: boolean, enable: boolean) =>
  modern ? 'UpdateRealmStatus' : enable ? 'EnableRealm' : 'DisableRealm';

/** What every client prints, whatever it was generated with. */
function expected(modern: boolean): object[] {
  const users = (enable: boolean) =>
    [1, 2, 3].map(() => ({ operation: user(modern, enable), code: 0, status: enable ? 1 : 7 }));
  return [
    { operation: 'Ping', code: 0 },
    { operation: 'CreateRealm', code: 0 },
    { operation: 'SetupRealm', code: 0 },
    { operation: 'CreateUser', code: 0 },
    { operation: 'CreateUsers', code: 0, results: [0, 8] },
    { operation: 'ModifyRealm', code: 0, quantities: [3] },
    { operation: 'CreateUser', code: 0 },
    { operation: 'ModifyRealm', code: 8 },
    { operation: 'GetUsers', code: 0, total: 3 },
    { operation: 'Login', code: 0, enters: true },
    { operation: realm(modern, false), code: 0, status: 7 },
    { operation: realm(modern, true), code: 7 },
    { operation: user(modern, true), code: 7 },
    ...users(false),
    { operation: 'GetUserStatus', code: 0, status: 7, ownStatus: 7 },
    { operation: 'GetLicenceUsage', code: 0, billable: 0 },
    { operation: 'Login', code: 7 },
    { operation: realm(modern, true), code: 0, status: 1 },
    ...users(true),
    { operation: 'GetUserStatus', code: 0, status: 1, ownStatus: 1 },
    { operation: 'GetLicenceUsage', code: 0, billable: 3 },
    { operation: 'ReplaceUsers', code: 0, results: [0, 0] },
    { operation: 'DeleteUser', code: 0 },
    { operation: 'DeleteRealm', code: 0 },
    { operation: 'GetRealmStatus', code: 0, status: 9 },
    { operation: 'GetRealm', code: 5 },
  ];
}

describe.each([
  ['PHP SoapClient', 'php', 'nec.php'],
  ['zeep', python, 'nec_zeep.py'],
] as const)('%s, generated from the served WSDL', (_, command, script) => {
  it.each([
    ['carrier', '4.3', '1.1'],
    ['carrier', '4.3', '1.2'],
    ['carrier-old', '4.2', '1.1'],
    ['carrier-old', '4.2', '1.2'],
  ] as const)('buys, uses, suspends, restores and removes on %s (%s, SOAP %s)', async (channel, dialect, version) => {
    const realmId = `${script}-${version}`;
    const wsdl = `${hub.url(channel satisfies ChannelName)}?wsdl`;
    const { stdout } = await run(command, [
      join(folder, script),
      wsdl,
      `mkp-${channel}`,
      password,
      dialect,
      realmId,
      version,
    ]);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual(expected(dialect === '4.3'));
  });
});
