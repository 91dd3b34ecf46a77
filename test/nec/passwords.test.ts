import { minute } from '../../src/core/shared/clock.js';
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import { onEveryDialect } from '../support/databases.js';
import type { Answer, Caller } from './support/caller.js';
import { type NecHub, startNecHub } from './support/hub.js';
import { newRealm, ok } from './support/world.js';

onEveryDialect('delegated authentication', (dialect) => {
  let hub: NecHub;
  let call: Caller;
  beforeAll(async () => {
    hub = await startNecHub(dialect);
    call = hub.as('carrier');
  }, 60_000);
  afterAll(() => hub.close());

  const reset = async (realmId: string, userId = 'U1'): Promise<string> =>
    (await ok(call('ResetUserPassword', { realmId, userId }))).temporarySecret;
  const authenticate = (realmId: string, password: string, loginName = 'U1'): Promise<Answer> =>
    call('Authenticate', { realmId, loginName, password });
  const refused = { resultCode: 0, resultMessage: 'OK', authenticated: false };
  /** Events of the outbox whose type says who shall get a link, oldest first. */
  const links = () => linksOf(hub);

  it('says who it is, and that a reset password must be changed', async () => {
    const realmId = await newRealm(call, { users: ['U1'] });
    expect(await authenticate(realmId, 'nothing set yet')).toEqual(refused);
    const temporary = await reset(realmId);
    expect(await authenticate(realmId, temporary)).toMatchObject({
      resultCode: 0,
      authenticated: true,
      userId: 'U1',
      mustChangePassword: true,
    });
    const change = { realmId, userId: 'U1', oldPassword: temporary, newPassword: 'a new pass phrase' };
    await ok(call('ChangeUserPassword', change));
    expect(await authenticate(realmId, 'a new pass phrase')).toMatchObject({
      authenticated: true,
      mustChangePassword: false,
    });
    expect(await authenticate(realmId, temporary)).toEqual(refused);
  });

  it('checks the old password and the strength of the new one', async () => {
    const realmId = await newRealm(call, { users: ['U1'] });
    const temporary = await reset(realmId);
    const change = (oldPassword: string, newPassword: string, requestId?: string): Promise<Answer> =>
      call('ChangeUserPassword', { realmId, userId: 'U1', oldPassword, newPassword, requestId });
    expect(await change('wrong', 'a new pass phrase')).toMatchObject({
      resultCode: 1,
      resultMessage: 'oldPassword: is not right',
    });
    const short = await change(temporary, 'short');
    expect(short).toMatchObject({ resultCode: 1 });
    expect(short.resultMessage).toContain('newPassword');
    const done = await ok(change(temporary, 'a new pass phrase', 'change-1'));
    expect(await change(temporary, 'a new pass phrase', 'change-1')).toEqual(done);
    expect(await change(temporary, 'another pass phrase', 'change-1')).toMatchObject({ resultCode: 10 });
    expect(await authenticate(realmId, 'a new pass phrase')).toMatchObject({ authenticated: true });
  });

  it('gives one answer for wrong, unknown, disabled, deleted and ambiguous', async () => {
    const realmId = await newRealm(call, { users: ['U1', 'U2', 'U3'] });
    const secret = await reset(realmId);
    expect(await authenticate(realmId, 'wrong')).toEqual(refused);
    expect(await authenticate(realmId, secret, 'nobody')).toEqual(refused);
    await ok(call('DisableUser', { realmId, userId: 'U1' }));
    expect(await authenticate(realmId, secret)).toEqual(refused);
    await ok(call('EnableUser', { realmId, userId: 'U1' }));
    expect(await authenticate(realmId, secret)).toMatchObject({ authenticated: true });
    await ok(call('UpdateUser', { realmId, userId: 'U2', loginName: 'U1' }));
    expect(await authenticate(realmId, secret)).toEqual(refused);
    await ok(call('UpdateUser', { realmId, userId: 'U2', loginName: 'other' }));
    await ok(call('UpdateUser', { realmId, userId: 'U1', licenceCodes: [] }));
    expect(await authenticate(realmId, secret)).toEqual(refused);
    await ok(call('DeleteUser', { realmId, userId: 'U1' }));
    expect(await authenticate(realmId, secret)).toEqual(refused);
  });

  it('is never answered from the inbox', async () => {
    const realmId = await newRealm(call, { users: ['U1'] });
    const secret = await reset(realmId);
    const ask = (password: string): Promise<Answer> =>
      call('Authenticate', { requestId: 'auth-1', realmId, loginName: 'U1', password });
    expect(await ask('wrong')).toMatchObject({ authenticated: false });
    expect(await ask(secret)).toMatchObject({ authenticated: true });
    await ok(call('DisableUser', { realmId, userId: 'U1' }));
    expect(await ask(secret)).toMatchObject({ authenticated: false });
  });

  it('refuses for a while after five failures, known name or not, and nobody for good', async () => {
    const realmId = await newRealm(call, { users: ['U1', 'U2'] });
    const secret = await reset(realmId);
    const other = await reset(realmId, 'U2');
    for (let n = 0; n < 5; n += 1) {
      expect(await authenticate(realmId, 'wrong')).toEqual(refused);
      expect(await authenticate(realmId, 'wrong', 'nobody')).toEqual(refused);
    }
    expect(await authenticate(realmId, secret)).toEqual(refused);
    expect(await authenticate(realmId, other, 'U2')).toMatchObject({ authenticated: true });
    const change = { realmId, userId: 'U1', oldPassword: secret, newPassword: 'a new pass phrase' };
    expect(await call('ChangeUserPassword', change)).toMatchObject({ resultCode: 1 });
    hub.clock.advance(15 * minute + 1_000);
    expect(await authenticate(realmId, secret)).toMatchObject({ authenticated: true });
  });

  it('sets no password of a person who also belongs elsewhere', async () => {
    const realmId = await newRealm(call, { users: ['U1'] });
    await hub.model(async (tx) => {
      const [here] = await tx.memberships.findMany({ loginName: 'U1', liveKey: '0' }).then((found) => found.slice(-1));
      const { id: _, version: __, ...copy } = here!;
      await tx.memberships.insert({ ...copy, id: tx.ids.next('membership'), instanceId: '', channelId: '' });
    });
    expect(await call('ResetUserPassword', { realmId, userId: 'U1' })).toMatchObject({ resultCode: 7 });
  });

  it('sends a link to the user, to an administrator, or to the customer', async () => {
    const realmId = await newRealm(call);
    const create = (user: object): Promise<Answer> => ok(call('CreateUser', { realmId, user }));
    const before = (await links()).length;
    await create({ userId: 'alone' }); // nobody to send it to
    expect(await links()).toHaveLength(before);
    await ok(call('UpdateRealm', { realmId, contact: 'desk@c.example' }));
    await create({ userId: 'contacted', locale: 'es' });
    await create({ userId: 'boss', email: 'boss@c.example', role: 'admin' });
    await create({ userId: 'led' });
    await create({ userId: 'own', email: 'own@c.example' });
    expect((await links()).slice(before).map(({ deliverTo }) => deliverTo)).toEqual([
      'desk@c.example',
      '',
      'boss@c.example',
      '',
    ]);
  });

  it('gives an initial password back where the connection asks for it', async () => {
    const rival = hub.as('rival');
    const realmId = await newRealm(rival);
    const input = { requestId: 'initial-1', realmId, user: { userId: 'U1', email: 'u1@c.example' } };
    const before = (await links()).length;
    const created = await ok(rival('CreateUser', input));
    expect(created.initialPassword).toMatch(/^[\w-]{43}$/);
    expect(await rival('CreateUser', input)).toEqual(created);
    expect(await links()).toHaveLength(before);
    expect(await rival('CreateUser', { ...input, requestId: 'initial-2' })).toEqual({
      resultCode: 0,
      resultMessage: 'OK',
      requestId: 'initial-2',
      userId: 'U1',
    });
    expect(await rival('Authenticate', { realmId, loginName: 'U1', password: created.initialPassword })).toMatchObject({
      authenticated: true,
      mustChangePassword: true,
    });
    expect(
      (await ok(call('CreateUser', { realmId: await newRealm(call), user: { userId: 'U1' } }))).initialPassword,
    ).toBeUndefined();
  });

  it('is code 9 on a 4.2 connection, before any other check', async () => {
    const old = hub.as('carrier-old');
    for (const operation of ['Authenticate', 'ChangeUserPassword', 'ResetUserPassword']) {
      expect(await old(operation, {})).toMatchObject({ resultCode: 9 });
      expect(await old(operation, { realmId: 'nowhere', requestId: 'nine' })).toMatchObject({ resultCode: 9 });
    }
    const before = (await links()).length;
    const realmId = await newRealm(old, { users: ['U1'] });
    expect(await links()).toHaveLength(before);
    expect((await ok(old('SetupRealm', { realmId, parameters: [] }))).accessInfo.loginUrl).toBe('https://crm.example/');
  });

  it('names our sign-in page for the realm', async () => {
    const realmId = await newRealm(call);
    const { accessInfo } = await ok(call('SetupRealm', { realmId, parameters: [] }));
    expect(accessInfo.loginUrl).toMatch(/^http:\/\/hub\.example\/signin\?instance=ins_\w+$/);
  });
});

async function linksOf(hub: NecHub): Promise<{ deliverTo: string }[]> {
  const database = await openDatabase(hub.databaseUrl, 1);
  try {
    const rows = await database.read.all<{ payload: string }>(
      "SELECT payload FROM outbox_events WHERE event_type = 'identity.password_link_requested' ORDER BY id",
    );
    return rows.map((row) => JSON.parse(row.payload) as { deliverTo: string });
  } finally {
    await database.close();
  }
}
