import { registerServiceAccount } from '../../src/core/marketplace/index.js';
import { type Call, createCaller, passwordText, type Reply } from '../prm/support/caller.js';
import { onEveryDialect } from '../support/databases.js';
import { password, startWorld, type World } from './support/world.js';

const operator = { username: 'op-desk', password: 'op-secret-1' };
const provider = { username: 'acme', password: 'sp-secret-1' };
const ids = { spAccountId: 'acme', appAccountId: 'crm', appInstGroupId: 'prod' };
const clientId = 'acme/crm/prod';

/** What providers and operators do over SOAP, and what traffic sees of it; two processes. */
onEveryDialect('from a registration over SOAP to traffic', (dialect) => {
  let world: World;
  let op: Call;
  let sp: Call;
  beforeAll(async () => {
    world = await startWorld(dialect, 2);
    const passwordHash = await world.passwords.hash(operator.password);
    await world.run((tx) =>
      registerServiceAccount(tx, {
        channelId: world.channels[0],
        username: operator.username,
        passwordHash,
        level: 666,
      }),
    );
    op = createCaller(world.urls[0]!, passwordText(operator));
    sp = createCaller(world.urls[0]!, passwordText(provider));
  });
  afterAll(() => world.close());

  async function done(reply: Promise<Reply>): Promise<Reply> {
    const answer = await reply;
    expect(answer.fault === undefined ? '' : `${answer.fault}: ${answer.faultText}`).toBe('');
    return answer;
  }

  const { spAccountId, appAccountId } = ids;
  const stateOfInstance = async () => (await done(op('OpService', 'getAppInstGroupState', ids))).value;
  const stateOfApplication = async () =>
    (await done(op('OpService', 'getAppAccountState', { spAccountId, appAccountId }))).value;
  /** Asked of the process that did not hear of it by itself. */
  const check = async (body: object) => (await world.check(body, 1)).body;

  test('request, approval, token, deactivation, reactivation', async () => {
    await done(op('OpService', 'createSpGroup', { spGroupId: 'gold', spGroup: { sla: '<Sla/>' } }));
    await done(op('OpService', 'createAppGroup', { appGroupId: 'silver', appGroup: { sla: '<Sla/>' } }));
    const stranger = createCaller(world.urls[0]!);
    const account = { spAccountId, spAccount: { Name: 'Acme' }, password: provider.password };
    await done(stranger('SpLogin', 'registerSpAccountReq', account));
    const answer = { response: 'APPROVE' };
    await done(
      op('OpService', 'registerSpAccountRes', { spAccountId, spGroupId: 'gold', spAccountRef: 'R1', ...answer }),
    );
    await done(sp('SpService', 'registerAppAccountReq', { appAccountId, app: { Name: 'CRM' } }));
    const application = { spAccountId, appAccountId, appGroupId: 'silver', appAccountRef: 'R2', ...answer };
    await done(op('OpService', 'registerAppAccountRes', application));
    const { spAccountId: _, ...own } = ids;
    await done(sp('SpService', 'registerAppInstGroupReq', { ...own, appInstGroup: { Name: 'Production' }, password }));
    expect((await world.token(clientId, password)).body).toMatchObject({ error_description: 'not usable: instance' });
    await done(op('OpService', 'registerAppInstGroupRes', { ...ids, appInstGroupRef: 'R3', ...answer }));

    const { body } = await world.token(clientId, password);
    const token = body.access_token as string;
    expect(await check({ token })).toMatchObject({ allowed: true, ...ids, spGroupId: 'gold', appGroupId: 'silver' });

    const begun = performance.now();
    await done(op('OpService', 'deactivateSpAccount', { spAccountId }));
    expect(await check({ token })).toEqual({ allowed: false, reason: 'ownerTenant' });
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(await check({ clientId, password })).toEqual({ allowed: false, reason: 'ownerTenant' });
    expect([await stateOfApplication(), await stateOfInstance()]).toEqual(['ACTIVE', 'ACTIVE']);

    await done(op('OpService', 'activateSpAccount', { spAccountId }));
    expect(await check({ token })).toMatchObject({ allowed: true });
    expect((await world.token(clientId, password)).status).toBe(200);
  });

  test('locked through the gateway, unlocked by the operator with another password', async () => {
    for (let guess = 0; guess < 5; guess += 1) await check({ clientId, password: 'wrong' });
    expect(await stateOfInstance()).toBe('LOCKED');
    await done(op('OpService', 'unlockAppInstGroup', { ...ids, newPassword: 'traffic-Pass-2' }));
    expect(await stateOfInstance()).toBe('ACTIVE');
    expect(await check({ clientId, password })).toEqual({ allowed: false, reason: 'credentials' });
    expect(await check({ clientId, password: 'traffic-Pass-2' })).toMatchObject({ allowed: true });
  });

  test('a password the provider sets counts from the next call on', async () => {
    const { spAccountId: _, ...own } = ids;
    await done(sp('SpService', 'setAppInstGroupPassword', { ...own, newPassword: 'traffic-Pass-3' }));
    expect(await check({ clientId, password: 'traffic-Pass-2' })).toMatchObject({ reason: 'credentials' });
    expect(await check({ clientId, password: 'traffic-Pass-3' })).toMatchObject({ allowed: true });
  });
});
