import { changeOwnPassword, updateServiceAccount } from '../../src/core/marketplace/index.js';
import { terminateObject } from '../../src/core/provisioning/index.js';
import { second } from '../../src/core/shared/clock.js';
import { authority, someDay } from '../soap-kit/signature-support.js';
import { onEveryDialect } from '../support/databases.js';
import { expectAccepted, expectDenied, shoot } from './support/attack.js';
import { passwordDigest, passwordText } from './support/caller.js';
import { operatorPassword, type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import { hashes, type PrmProcess, quickPasswords } from './support/process.js';
import { bind, signedCall } from './support/signed.js';
import { done, type Names, stage } from './support/stage.js';

const alice = authority()({ subject: '/CN=alice' });
const call = 'SpService.getSpAccountState';

onEveryDialect('accounts and their passwords', (dialect) => {
  let hub: PrmHub;
  let other: PrmProcess;
  let bases: readonly string[];
  let scene: ReturnType<typeof stage>;
  let names: Names;
  beforeAll(async () => {
    hub = await startPrmHub(dialect);
    hub.clock.set(someDay);
    other = await hub.join();
    bases = [hub.base(), other.base('gatekeeper')];
    scene = stage(hub);
  });
  afterAll(() => hub.close());
  beforeEach(async () => {
    names = scene.names();
    await scene.bring('SpAccount', 'ACTIVE', names);
  });

  const account = (username: string) =>
    hub.model(
      async (tx) => (await tx.serviceAccounts.findOne({ channelId: hub.channelId(), username, liveKey: '0' }))!,
    );
  const change = async (input: Omit<Parameters<typeof updateServiceAccount>[1], 'id'>) => {
    const { id } = await account(names.sp);
    await hub.model((tx) => updateServiceAccount(tx, { id, ...input }));
  };
  const text = (password: string) => passwordText({ username: names.sp, password });
  const digest = (password: string) => {
    hub.clock.advance(second);
    return passwordDigest({ username: names.sp, password }, hub.clock.now());
  };
  /** Which of two passwords works, as text and as digest, in both processes. */
  const expectPassword = async (right: string, wrong: string, { digests = false } = {}) => {
    for (const base of bases) {
      await expectAccepted(hub, { call, header: text(right), base });
      await expectDenied(hub, { call, header: text(wrong), base });
      if (digests) await expectAccepted(hub, { call, header: digest(right), base });
      await expectDenied(hub, { call, header: digest(wrong), base });
    }
  };

  it('a password is hashed once and then known in each process, until the very call after its change', async () => {
    for (const base of bases) await expectAccepted(hub, { call, header: text(providerPassword), base });
    const before = hashes.verified;
    for (const base of bases) await expectAccepted(hub, { call, header: text(providerPassword), base });
    expect(hashes.verified).toBe(before);
    const own = { oldPassword: providerPassword, newPassword: 'changed-1' };
    await done(hub.sp(names.sp)('SpService', 'changeSpAccountPassword', own));
    await expectPassword('changed-1', providerPassword);
    const reset = { spAccountId: names.sp, newPassword: 'reset-1' };
    await done(hub.op()('OpService', 'setSpAccountPassword', reset));
    await expectPassword('reset-1', 'changed-1');
    await change({ passwordHash: await quickPasswords().hash('console-1'), password: 'console-1' });
    await expectPassword('console-1', 'reset-1');
  });

  it('the secret for digests follows, whichever way the password changes', async () => {
    await change({ soapSecret: 'a secret of its own' });
    await expectAccepted(hub, { call, header: digest('a secret of its own') });
    await expectDenied(hub, { call, header: digest(providerPassword) });
    const own = { oldPassword: providerPassword, newPassword: 'changed-1' };
    await done(hub.sp(names.sp)('SpService', 'changeSpAccountPassword', own));
    await expectPassword('changed-1', 'a secret of its own', { digests: true });
    await done(hub.op()('OpService', 'setSpAccountPassword', { spAccountId: names.sp, newPassword: 'reset-1' }));
    await expectPassword('reset-1', 'changed-1', { digests: true });
    const passwordHash = await quickPasswords().hash('console-1');
    await change({ passwordHash, password: 'console-1' });
    await expectPassword('console-1', 'reset-1', { digests: true });
    // who sets a hash alone leaves no digest that the old password would still make
    await change({ passwordHash: await quickPasswords().hash('seed-1') });
    await expectPassword('seed-1', 'console-1');
    await expectDenied(hub, { call, header: digest('seed-1') });
    await change({ soapSecret: '' });
    await expectDenied(hub, { call, header: digest('') });
  });

  it('of two changes from one old password one counts', async () => {
    const own = (newPassword: string) =>
      shoot(hub, {
        call: 'SpService.changeSpAccountPassword',
        header: text(providerPassword),
        input: { oldPassword: providerPassword, newPassword },
        base: bases[Number(newPassword.at(-1)) % 2]!,
      });
    const passwords = Array.from({ length: 6 }, (_, at) => `changed-${at}`);
    const replies = await Promise.all(passwords.map(own));
    const won = passwords.filter((_, at) => replies[at]!.fault === undefined);
    expect(won).toHaveLength(1);
    expect(replies.filter(({ fault }) => fault === 'ACCESS_DENIED')).toHaveLength(5);
    await expectPassword(won[0]!, providerPassword);
  });

  it('a registered provider is refused like one nobody knows, until it is approved; a disapproved one stays so', async () => {
    const applying = scene.names();
    await scene.bring('SpAccount', 'REGISTERED', applying);
    const header = passwordText({ username: applying.sp, password: providerPassword });
    const unknown = await expectDenied(hub, { call, header: passwordText({ username: 'nobody', password: 'guess' }) });
    expect((await expectDenied(hub, { call, header })).text).toBe(unknown.text);
    const input = { spAccountId: applying.sp, password: providerPassword };
    const login = await shoot(hub, { call: 'SpLogin.login', input });
    expect(login.text).toBe(
      (await shoot(hub, { call: 'SpLogin.login', input: { ...input, spAccountId: 'nobody' } })).text,
    );
    await bind(hub, applying.sp, alice.fingerprint);
    await expectDenied(hub, { call, message: signedCall(call, alice) });
    const answer = { spAccountId: applying.sp, spGroupId: 'gold', spAccountRef: 'R', response: 'DISAPPROVE' };
    await done(hub.op()('OpService', 'registerSpAccountRes', answer));
    await expectDenied(hub, { call, header });
    await expectDenied(hub, { call, message: signedCall(call, alice) });
  });

  it('inactive, waiting for an update or its end, it signs in, and may read', async () => {
    for (const state of ['INACTIVE', 'UPDATE_PENDING', 'DELETE_PENDING'] as const) {
      const own = scene.names();
      await scene.bring('SpAccount', state, own);
      const header = passwordText({ username: own.sp, password: providerPassword });
      expect((await expectAccepted(hub, { call, header })).value).toBe(state);
    }
  });

  it.each([
    [
      'its deletion is approved',
      async () => {
        const named = { spAccountId: names.sp };
        for (const step of ['deactivateSpAccount', 'deleteSpAccountReq'])
          await done(hub.op()('OpService', step, named));
        await done(hub.op()('OpService', 'deleteSpAccountRes', { ...named, response: 'APPROVE' }));
      },
    ],
    [
      'the hub ends it',
      async () => {
        const { tenantId } = await account(names.sp);
        await hub.model((tx) => terminateObject(tx, { kind: 'tenant', id: tenantId! }));
      },
    ],
  ])('a provider is gone at once when %s, and its name can be had anew without what was its own', async (_, end) => {
    await bind(hub, names.sp, alice.fingerprint);
    await change({ soapSecret: 'digest-1' });
    const { id } = await account(names.sp);
    for (const base of bases) await expectAccepted(hub, { call, header: text(providerPassword), base });
    await expectAccepted(hub, { call, message: signedCall(call, alice) });
    await end();
    const nothing = async () => {
      for (const base of bases) {
        await expectDenied(hub, { call, header: text(providerPassword), base });
        await expectDenied(hub, { call, header: digest('digest-1'), base });
        await expectDenied(hub, { call, message: signedCall(call, alice), base });
      }
    };
    await nothing();
    const fresh = { spAccountId: names.sp, spAccount: {}, password: 'somebody-else-1' };
    await expectAccepted(hub, { call: 'SpLogin.registerSpAccountReq', input: fresh });
    await nothing();
    const answer = { spAccountId: names.sp, spGroupId: 'gold', spAccountRef: 'R', response: 'APPROVE' };
    await done(hub.op()('OpService', 'registerSpAccountRes', answer));
    await nothing();
    await expectAccepted(hub, { call, header: text('somebody-else-1') });
    const listed = await done(hub.sp(names.sp, 'somebody-else-1')('SpService', 'listAppAccounts'));
    expect(listed.values).toEqual([]);
    // a command of the old account that was on its way finds it ended
    const late = {
      kind: 'serviceAccount',
      serviceAccountId: id,
      username: names.sp,
      channelId: hub.channelId(),
      tenantId: null,
      level: null,
    } as const;
    await expect(
      hub.model((tx) => changeOwnPassword(tx, { passwordHash: 'x', password: 'x', credentialVersion: 1 }), late),
    ).rejects.toMatchObject({ code: 'terminated' });
    await expect(hub.model((tx) => updateServiceAccount(tx, { id, disabled: false }))).rejects.toMatchObject({
      code: 'terminated',
    });
  });

  it('an operator’s own change needs the old one and reaches every process', async () => {
    const header = (password: string) => passwordText({ username: 'op-reader', password });
    const change = { call: 'OpService.changeOpAccountPassword', header: header(operatorPassword) };
    await expectAccepted(hub, { ...change, input: { oldPassword: operatorPassword, newPassword: 'op-changed-1' } });
    for (const base of bases) {
      await expectDenied(hub, { call: 'OpService.getUserLevel', header: header(operatorPassword), base });
      await expectAccepted(hub, { call: 'OpService.getUserLevel', header: header('op-changed-1'), base });
    }
  });
});
