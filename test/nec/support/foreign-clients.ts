import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = join(dirname(fileURLToPath(import.meta.url)), '../clients');
const python = process.env.ZEEP_PYTHON ?? '/usr/bin/python3';

/** Clients written with other people's SOAP libraries: name, command, script. */
export const foreignClients = [
  ['PHP SoapClient', 'php', 'nec.php'],
  ['zeep', python, 'nec_zeep.py'],
] as const;

export interface ClientRun {
  readonly command: string;
  readonly script: string;
  readonly wsdl: string;
  readonly username: string;
  readonly password: string;
  readonly dialect: '4.2' | '4.3';
  readonly realmId: string;
  readonly version: '1.1' | '1.2';
}

/** Runs one from purchase to removal; answers the lines it printed. */
export async function runClient(given: ClientRun): Promise<object[]> {
  const { command, script, wsdl, username, password, dialect, realmId, version } = given;
  const { stdout } = await run(command, [join(folder, script), wsdl, username, password, dialect, realmId, version]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
}

const user = (modern: boolean, enable: boolean) =>
  modern ? 'UpdateUserStatus' : enable ? 'EnableUser' : 'DisableUser';
const realm = (modern: boolean, enable: boolean) =>
  modern ? 'UpdateRealmStatus' : enable ? 'EnableRealm' : 'DisableRealm';

/** What every client prints, whatever it was generated with. */
export function expectedLines(modern: boolean): object[] {
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
