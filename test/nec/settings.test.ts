import { type NecHub, startNecHub } from './support/hub.js';
import { newRealm, ok } from './support/world.js';

let hub: NecHub;
beforeAll(async () => {
  hub = await startNecHub('sqlite');
});
afterAll(() => hub.close());

const own = 'urn:carrier:own';

it('operationAliases: an operation answers under their name for it', async () => {
  const call = hub.as('rival');
  const realmId = await newRealm(call);
  const reply = await call.raw(
    `<SuspendRealm xmlns="urn:hub:ncbs:isv:v1"><realmId>${realmId}</realmId></SuspendRealm>`,
  );
  expect(reply.text).toContain(
    '<SuspendRealmResponse xmlns="urn:hub:ncbs:isv:v1"><SuspendRealmResult><resultCode>0</resultCode>',
  );
  expect(await call('GetRealmStatus', { realmId })).toMatchObject({ status: 7 });
});

it('parameterNames: other names are code 1 for the applications listed', async () => {
  const call = hub.as('rival');
  const realmId = await newRealm(call);
  const setup = (name: string) => call('SetupRealm', { realmId, parameters: [{ name, value: 'x' }] });
  await ok(setup('zone'));
  const refused = await setup('colour');
  expect(refused).toMatchObject({ resultCode: 1 });
  expect(refused.resultMessage).toContain('"colour"');
  expect((await ok(call('GetRealm', { realmId }))).realm.parameters).toEqual([{ name: 'zone', value: 'x' }]);
});

it('namespace: messages and the served description are in the connection’s own', async () => {
  const call = hub.as('strict');
  const reply = await call.raw(`<Ping xmlns="${own}"><text>x</text></Ping>`);
  expect(reply.text).toContain(`<PingResponse xmlns="${own}"><PingResult><resultCode>0</resultCode>`);
  expect((await call.raw('<Ping xmlns="urn:hub:ncbs:isv:v1"/>')).status).toBe(500);
  const wsdl = await (await fetch(`${hub.url('strict')}?wsdl`)).text();
  expect(wsdl).toContain(`targetNamespace="${own}"`);
  expect(wsdl).toContain(`location="${hub.url('strict')}"`);
  expect(wsdl).not.toContain('urn:hub:ncbs:isv:v1');
});

it('strictSchema: what breaks the schema is a fault', async () => {
  const call = hub.as('strict');
  const reply = await call.raw(`<Ping xmlns="${own}"><unknown/></Ping>`);
  expect(reply.status).toBe(500);
  expect(reply.text).toContain('<faultcode>soap:Client</faultcode>');
});
