import { updateServiceAccount } from '../../src/core/marketplace/index.js';
import { second } from '../../src/core/shared/clock.js';
import { authority, caExtensions, rsaSha1, sha1, signing, someDay, timestamp } from '../soap-kit/signature-support.js';
import { onEveryDialect } from '../support/databases.js';
import { expectAccepted, expectDenied, type Shot } from './support/attack.js';
import { passwordDigest, passwordText } from './support/caller.js';
import { operatorPassword, type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import type { PrmProcess } from './support/process.js';
import { bind, bodyPath, signedCall, stampPath } from './support/signed.js';
import { done, stage } from './support/stage.js';

const make = authority();
const ca = make({ subject: '/O=Hub CA/CN=root', extensions: caExtensions });
const strangersCa = make({ subject: '/O=Hub CA/CN=root', extensions: caExtensions });
const alice = make({ subject: '/CN=alice' });
const bob = make({ subject: '/CN=bob', key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] });
const stranger = make({ subject: '/CN=alice' });
const old = make({ subject: '/CN=old', days: 1 });
const desk = make({ subject: '/C=DE/O=Partner/CN=desk', issuer: ca, extensions: signing });
const lostDesk = make({ subject: '/C=DE/O=Partner/CN=desk', issuer: ca, extensions: signing });
const forgedDesk = make({ subject: '/C=DE/O=Partner/CN=desk', issuer: strangersCa, extensions: signing });

const call = 'SpService.getSpAccount';
const act = 'SpService.deactivateSpAccount';

onEveryDialect('signed messages', (dialect) => {
  let hub: PrmHub;
  let other: PrmProcess;
  let [a, b] = ['', ''];
  beforeAll(async () => {
    hub = await startPrmHub(dialect, {
      gatekeeper: {},
      anchored: { trustAnchors: [ca.pem], revokedCertificates: [lostDesk.fingerprint.toUpperCase()] },
      lax: { allowRsaSha1: true },
      stamped: { requireTimestamp: true },
    });
    hub.clock.set(someDay);
    other = await hub.join();
    const scene = stage(hub);
    const both = [scene.names(), scene.names()] as const;
    for (const names of both) {
      await scene.bring('SpAccount', 'ACTIVE', names);
      await done(hub.op()('OpService', 'updateSpAccount', { spAccountId: names.sp, spAccount: { name: names.sp } }));
    }
    [a, b] = [both[0].sp, both[1].sp];
    for (const [sp, { fingerprint }] of [
      [a, alice],
      [b, bob],
      [a, old],
    ] as const)
      await bind(hub, sp, fingerprint);
  });
  afterAll(() => hub.close());
  afterEach(() => hub.clock.advance(second));

  const tokenIn = (header: string) => /<w:UsernameToken>.*<\/w:UsernameToken>/.exec(header)![0];
  const textToken = (username: string, password = providerPassword) => tokenIn(passwordText({ username, password }));
  const byAlice = (more?: Parameters<typeof signedCall>[2]) => signedCall(call, alice, more);
  const caller = async (shot: Omit<Shot, 'call'>) =>
    (await expectAccepted(hub, { call, ...shot })).returns[0]!.children.find(({ local }) => local === 'Name')?.text;

  it('speak for the account their certificate is bound to, with RSA and with ECDSA', async () => {
    expect(await caller({ message: byAlice() })).toBe(a);
    expect(await caller({ message: signedCall(call, bob) })).toBe(b);
    expect(
      await caller({ message: byAlice({ security: timestamp(hub.clock.now()), targets: [bodyPath, stampPath] }) }),
    ).toBe(a);
    expect(await caller({ message: byAlice(), line: 'open' })).toBe(a);
  });

  it('need a certificate somebody bound, on this channel and for this side', async () => {
    await expectDenied(hub, { call, message: signedCall(call, stranger) });
    for (const channel of ['anchored', 'lax'])
      await expectDenied(hub, { call, message: byAlice(), base: hub.base(channel) });
    await expectDenied(hub, { call: 'OpService.getUserLevel', message: signedCall('OpService.getUserLevel', alice) });
    await bind(hub, 'op-writer', alice.fingerprint, { channel: 'lax' });
    const ofOperator = { call: 'OpService.getUserLevel', base: hub.base('lax') };
    const reply = await expectAccepted(hub, { ...ofOperator, message: signedCall(ofOperator.call, alice) });
    expect(reply.value).toBe('READ_WRITE');
    await expectDenied(hub, { call, message: byAlice(), base: hub.base('lax') });
  });

  it('need a certificate of today', async () => {
    await expectDenied(hub, { call, message: signedCall(call, old) });
  });

  it('may be bound by subject, where an anchor of the channel vouches for the certificate', async () => {
    const base = hub.base('anchored');
    const read = { call: 'OpService.getUserLevel', base };
    const subject = { kind: 'subject', channel: 'anchored' } as const;
    const unbind = await bind(hub, 'op-reader', 'CN=desk,O=Partner,C=DE', subject);
    const level = async () => (await expectAccepted(hub, { ...read, message: signedCall(read.call, desk) })).value;
    expect(await level()).toBe('READ_ONLY');
    for (const refused of [forgedDesk, lostDesk]) {
      await expectDenied(hub, { ...read, message: signedCall(read.call, refused) });
    }
    // bound by itself it says more than its subject does
    const unpin = await bind(hub, 'op-writer', desk.fingerprint, { channel: 'anchored' });
    expect(await level()).toBe('READ_WRITE');
    await unbind();
    await bind(hub, 'op-none', 'CN=desk,O=Partner,C=DE', subject);
    expect(await level()).toBe('READ_WRITE');
    await unpin();
    expect(await level()).toBe('UNAUTHORIZED');
    // without an anchor a subject is a claim
    await bind(hub, a, 'CN=desk,O=Partner,C=DE', { kind: 'subject' });
    await expectDenied(hub, { call, message: signedCall(call, desk) });
  });

  it('with SHA-1 are taken only where the channel says so', async () => {
    const weak = { method: rsaSha1, digest: sha1 };
    await expectDenied(hub, { call, message: byAlice(weak) }, 'InvalidSecurity');
    await expectDenied(hub, { call, message: byAlice({ digest: sha1 }) }, 'InvalidSecurity');
    const reply = await expectAccepted(hub, {
      call: 'OpService.getUserLevel',
      base: hub.base('lax'),
      message: signedCall('OpService.getUserLevel', alice, weak),
    });
    expect(reply.value).toBe('READ_WRITE');
  });

  it.each([
    [
      'another operation in the Body',
      'FailedCheck',
      (text: string) => text.replaceAll('m:getSpAccount', 'm:activateSpAccount'),
    ],
    [
      'a Body with more in it',
      'FailedCheck',
      (text: string) => text.replace('</m:getSpAccount>', '<!-- --><x/></m:getSpAccount>'),
    ],
    ['another signature', 'FailedCheck', (text: string) => text.replace(/(<d:SignatureValue>)..../, '$1AAAA')],
    ['the signature of another key', 'FailedCheck', (text: string) => text.replace(alice.base64, stranger.base64)],
    ['another digest', 'FailedCheck', (text: string) => text.replace(/(<d:DigestValue>)..../, '$1AAAA')],
    ['no Signature', 'InvalidSecurity', (text: string) => text.replace(/<d:Signature .*<\/d:Signature>/, '')],
    [
      'no certificate',
      'InvalidSecurity',
      (text: string) => text.replace(/<w:BinarySecurityToken.*<\/w:BinarySecurityToken>/, ''),
    ],
    [
      'a second Security block',
      'InvalidSecurity',
      (text: string) => text.replace('<e:Header>', '<e:Header><w:Security/>'),
    ],
    [
      'its Body in a header block and another in its place',
      'InvalidSecurity',
      (text: string) => {
        const body = /<e:Body.*<\/e:Body>/.exec(text)![0];
        const evil = body.replace(/ u:Id="[^"]*"/, '').replaceAll('getSpAccount', 'deactivateSpAccount');
        return text.replace(body, evil).replace('<e:Header>', `<e:Header><wrapper>${body}</wrapper>`);
      },
    ],
    [
      'its Body in the Security block and one of its id in its place',
      'InvalidSecurity',
      (text: string) => {
        const body = /<e:Body.*<\/e:Body>/.exec(text)![0];
        return text
          .replace(body, body.replaceAll('getSpAccount', 'deactivateSpAccount'))
          .replace('</w:Security>', `${body}</w:Security>`);
      },
    ],
  ] as const)('are refused with %s: %s', async (_, code, spoil) => {
    const honest = byAlice();
    await expectDenied(hub, { call, message: spoil(honest) }, code);
    expect(await caller({ message: honest })).toBe(a);
  });

  it('must cover the Body and the Timestamp, and keep to its time', async () => {
    const stamp = timestamp(hub.clock.now());
    const late = timestamp(hub.clock.now(), -301, -1);
    const ended = timestamp(hub.clock.now(), -290, -61);
    await expectDenied(hub, { call, message: byAlice({ security: stamp, targets: [stampPath] }) }, 'InvalidSecurity');
    await expectDenied(hub, { call, message: byAlice({ security: stamp }) }, 'InvalidSecurity');
    for (const security of [late, ended]) {
      await expectDenied(
        hub,
        { call, message: byAlice({ security, targets: [bodyPath, stampPath] }) },
        'MessageExpired',
      );
    }
    const stamped = { call: 'OpService.getUserLevel', base: hub.base('stamped') };
    await bind(hub, 'op-admin', alice.fingerprint, { channel: 'stamped' });
    await expectDenied(hub, { ...stamped, message: signedCall(stamped.call, alice) }, 'InvalidSecurity');
    const message = signedCall(stamped.call, alice, { security: stamp, targets: [bodyPath, stampPath] });
    await expectAccepted(hub, { ...stamped, message });
  });

  it('are taken once, in every process and on every channel', async () => {
    const base = other.base('gatekeeper');
    const first = byAlice();
    expect(await caller({ message: first })).toBe(a);
    await expectDenied(hub, { call, message: first });
    await expectDenied(hub, { call, message: first, base });
    const raced = byAlice();
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        caller({ message: raced, base: at % 2 === 0 ? hub.base() : base }).then(
          () => 'taken',
          () => 'refused',
        ),
      ),
    );
    expect(replies.filter((kind) => kind === 'taken')).toHaveLength(1);
    // signed for one channel and caught there, it is worth nothing on another that knows the certificate too
    await bind(hub, 'op-admin', bob.fingerprint, { channel: 'lax' });
    await bind(hub, 'op-admin', bob.fingerprint, { channel: 'anchored' });
    const twice = { call: 'OpService.getUserLevel', message: signedCall('OpService.getUserLevel', bob) };
    await expectAccepted(hub, { ...twice, base: hub.base('lax') });
    await expectDenied(hub, { ...twice, base: hub.base('anchored') });
  });

  it('with a UsernameToken need one of the same account, right by itself', async () => {
    expect(await caller({ message: byAlice({ security: textToken(a) }) })).toBe(a);
    await expectDenied(hub, { call, message: byAlice({ security: textToken(b) }) });
    await expectDenied(hub, { call, message: byAlice({ security: textToken(a, 'wrong') }) });
    await expectDenied(hub, { call, message: byAlice({ security: textToken('op-admin', operatorPassword) }) });
    const digest = (created = hub.clock.now()) =>
      tokenIn(passwordDigest({ username: 'op-admin', password: operatorPassword }, created));
    const level = 'OpService.getUserLevel';
    const base = hub.base('lax');
    await expectAccepted(hub, { call: level, base, message: signedCall(level, bob, { security: digest() }) });
    const used = digest();
    await expectAccepted(hub, { call: level, base, message: signedCall(level, bob, { security: used }) });
    await expectDenied(hub, { call: level, base, message: signedCall(level, bob, { security: used }) });
    await expectDenied(hub, { call: level, base, message: signedCall(level, alice, { security: digest() }) });
  });

  it('with a password in clear need a closed line like any other', async () => {
    const message = () => byAlice({ security: textToken(a) });
    await expectDenied(hub, { call, message: message(), line: 'open' });
    expect(await caller({ message: message(), line: 'closed' })).toBe(a);
    const content = '<m:oldPassword>x</m:oldPassword><m:newPassword>y</m:newPassword>';
    const change = 'SpService.changeSpAccountPassword';
    await expectDenied(hub, { call: change, message: signedCall(change, alice, { content }), line: 'open' });
  });

  it('end with the binding, the lock and the account, at the next call in every process', async () => {
    const base = other.base('gatekeeper');
    const fresh = make({ subject: '/CN=fresh' });
    const unbind = await bind(hub, a, fresh.fingerprint);
    expect(await caller({ message: signedCall(call, fresh), base })).toBe(a);
    await unbind();
    await expectDenied(hub, { call, message: signedCall(call, fresh), base });
    await bind(hub, b, fresh.fingerprint);
    expect(await caller({ message: signedCall(call, fresh), base })).toBe(b);
    const change = (input: object) =>
      hub.model(async (tx) => {
        const account = await tx.serviceAccounts.findOne({ channelId: hub.channelId(), username: b, liveKey: '0' });
        return updateServiceAccount(tx, { id: account!.id, ...input });
      });
    for (const state of ['locked', 'disabled']) {
      await change({ [state]: true });
      await expectDenied(hub, { call, message: signedCall(call, fresh), base });
      await change({ [state]: false });
      expect(await caller({ message: signedCall(call, fresh), base })).toBe(b);
    }
    await change({ addresses: ['192.0.2.0/24'] });
    await expectDenied(hub, { call, message: signedCall(call, fresh), base });
    expect(await caller({ message: signedCall(call, fresh), address: '192.0.2.7' })).toBe(b);
  });

  it('are acted on', async () => {
    const message = signedCall(act, alice);
    await expectAccepted(hub, { call: act, message });
    const state = await hub.op()('OpService', 'getSpAccountState', { spAccountId: a });
    expect(state.value).toBe('INACTIVE');
  });
});
