import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as soap from 'soap';
import { echoHandlers, type Served, serve } from './support.js';

const run = promisify(execFile);
const folder = join(dirname(fileURLToPath(import.meta.url)), 'clients');

let served: Served;
beforeAll(async () => {
  served = await serve({ operations: echoHandlers() });
});
afterAll(() => served.close());
beforeEach(() => served.calls.splice(0));

/** What every client prints, and what must have arrived. */
const seen = {
  operations: 30,
  customer: 'Größe & Söhne <KG>',
  accessUrl: 'https://app.example/a?b=1&c=2',
  licences: [
    { licenceCode: 'PRO', quantity: 5 },
    { licenceCode: 'LITE', quantity: 2 },
  ],
  results: ['U1', 'U2'],
  status: 7,
  usage: 5,
  codes: ['PRO', 'LITE'],
  fault: 'Authentication failed',
};

function expectArrived(): void {
  const input = (operation: string): unknown => served.calls.find((call) => call.operation === operation)?.input;
  expect(input('CreateRealm')).toEqual({
    requestId: 'r-1',
    customerId: 'C1',
    realmId: 'R1',
    customerName: 'Größe & Söhne <KG>',
    applicationId: 'crm',
    offerCode: 'std',
    licences: seen.licences,
    parameters: [{ name: 'zone', value: 'Europe/Berlin' }],
    trialEnd: '2027-01-01T00:00:00.000Z',
    adminUser: { userId: 'U0', email: 'a@example.com' },
  });
  expect(input('ReplaceUsers')).toEqual({
    realmId: 'R1',
    remove: ['U7', 'U8'],
    add: [{ userId: 'U1', licenceCodes: ['PRO'] }, { userId: 'U2' }],
  });
  expect(input('UpdateUserStatus')).toEqual({ requestId: 'r-88', realmId: 'R100', userId: 'U7', status: 7 });
  expect(input('DeleteRealm')).toEqual({ realmId: 'R1', purge: true });
  expect(input('GetRealm')).toEqual({ realmId: 'R1' });
  expect(served.problems).toEqual([]);
}

test.each(['1.1', '1.2'])('PHP SoapClient, SOAP %s', async (version) => {
  const { stdout } = await run('php', [join(folder, 'client.php'), `${served.url}?wsdl`, version]);
  expect(JSON.parse(stdout)).toEqual(seen);
  expectArrived();
});

test.each(['1.1', '1.2'])('zeep, SOAP %s, UsernameToken digest', async (version) => {
  const { stdout } = await run(process.env.ZEEP_PYTHON ?? '/usr/bin/python3', [
    join(folder, 'client.py'),
    `${served.url}?wsdl`,
    version,
  ]);
  expect(JSON.parse(stdout)).toEqual(seen);
  expectArrived();
});

type Method = (input: unknown) => Promise<[Record<string, Record<string, never>>]>;

test.each([false, true])('npm soap, forceSoap12Headers %s', async (forceSoap12Headers) => {
  const client = await soap.createClientAsync(`${served.url}?wsdl`, { forceSoap12Headers });
  const call = async (operation: string, input: unknown): Promise<Record<string, never>> => {
    const [answer] = await (client[`${operation}Async`] as Method).call(client, input);
    return answer[`${operation}Result`]!;
  };
  client.setSecurity(
    new soap.WSSecurity('mkp', 'wrong', { passwordType: 'PasswordText', hasTimeStamp: false, hasNonce: false }),
  );
  const refusal = await call('Ping', { text: 'x' }).then(
    () => 'answered',
    (error: { body?: string }) => /Authentication failed/.exec(error.body ?? '')?.[0],
  );
  client.setSecurity(new soap.BasicAuthSecurity('mkp', 'secret'));
  const created = await call('CreateRealm', {
    requestId: 'r-1',
    customerId: 'C1',
    realmId: 'R1',
    customerName: seen.customer,
    applicationId: 'crm',
    offerCode: 'std',
    licences: { LicenceItem: seen.licences },
    trialEnd: '2027-01-01T01:00:00+01:00',
    parameters: { Parameter: [{ name: 'zone', value: 'Europe/Berlin' }] },
    adminUser: { userId: 'U0', email: 'a@example.com' },
  });
  const modified = await call('ModifyRealm', { realmId: 'R1', licences: { LicenceItem: seen.licences } });
  const replaced = await call('ReplaceUsers', {
    realmId: 'R1',
    remove: { userId: ['U7', 'U8'] },
    add: { User: [{ userId: 'U1', licenceCodes: { licenceCode: ['PRO'] } }, { userId: 'U2' }] },
  });
  const status = await call('UpdateUserStatus', { requestId: 'r-88', realmId: 'R100', userId: 'U7', status: 7 });
  await call('DeleteRealm', { realmId: 'R1', purge: true });
  const realm = await call('GetRealm', { realmId: 'R1' });
  const usage = await call('GetLicenceUsage', { realmId: 'R1' });
  const user = await call('CreateUsers', { realmId: 'R1', users: { User: { userId: 'U1' } } });
  expect(user).toMatchObject({ results: { UserResult: [{ userId: 'U1' }] } });
  expect({
    operations: Object.keys(client.describe().NcbsIsvService.NcbsIsvServiceSoap).length,
    customer: (realm as { realm?: { customerName: string } }).realm?.customerName,
    accessUrl: (created as { accessInfo?: { accessUrl: string } }).accessInfo?.accessUrl,
    licences: (modified as { licences?: { LicenceItem: object[] } }).licences?.LicenceItem,
    results: (replaced as { results?: { UserResult: { userId: string }[] } }).results?.UserResult.map((r) => r.userId),
    status: status.status,
    usage: (usage as { usage?: { LicenceUsage: { purchased: number }[] } }).usage?.LicenceUsage[0]?.purchased,
    codes: seen.licences.map((licence) => licence.licenceCode),
    fault: refusal,
  }).toEqual(seen);
  expectArrived();
});
