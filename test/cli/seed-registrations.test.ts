import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { CliError } from '../../src/adapters/cli/exit-codes.js';
import { applySeed } from '../../src/adapters/cli/seed/apply.js';
import { exportSeed } from '../../src/adapters/cli/seed/export.js';
import { summaryOf } from '../../src/adapters/cli/seed/load.js';
import { parseSeed } from '../../src/adapters/cli/seed/parse.js';
import { registerClient } from '../../src/core/identity/index.js';
import { askApproval, decideApproval, registerProvider, terminateObject } from '../../src/core/provisioning/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { systemActor } from '../../src/core/shared/actor.js';
import { stateOf } from '../../src/core/shared/lifecycle.js';
import { onEveryDatabase } from '../support/databases.js';
import { channelSettings, cliHub, rows } from './support.js';

const example = await readFile('hub.example.yaml', 'utf8');
const parse = (text: string) => parseSeed(text, 'seed.yaml', channelSettings);
const sha = `sha256:${'ab'.repeat(32)}`;

const gatekeeper = (accounts: string, tenants = '', more = ''): string => `channels:
  - { name: gatekeeper, protocol: prm, settings: {} }
serviceAccounts:
${accounts}
tenants:
  - { key: lotus, name: Lotus, kind: reseller, channel: gatekeeper${tenants} }
${more}`;
const lotus = '  - { channel: gatekeeper, username: sp-lotus, password: "change-me-Sp-1", tenant: lotus';

onEveryDatabase('registrations in the seed file', (db) => {
  const apply = (text: string) => applySeed(cliHub(db), parse(text), 'req');
  const unit = <T>(work: (tx: Unit) => Promise<T>) =>
    db.persistence.uow.run(systemActor('test'), { name: 'test.unit', requestId: 'test' }, work);
  const tenant = (key: string) => unit(async (tx) => (await tx.tenants.findOne({ key }))!);
  const account = (username: string) => unit(async (tx) => (await tx.serviceAccounts.findOne({ username }))!);
  const refused = async (text: string) => ((await apply(text).catch((error: unknown) => error)) as CliError).problems;
  const counts = async () => [await rows(db, 'journal_entries'), await rows(db, 'outbox_events')];
  const boundTo = async (username: string) => {
    const { id } = await account(username);
    const found = await unit((tx) => tx.accountCertificates.findMany({ serviceAccountId: id }));
    return found.filter((one) => one.valueHash !== one.id).map(({ kind, name }) => `${kind} ${name}`);
  };

  it('the example has a provider that was let in, under the name of its account', async () => {
    await apply(example);
    const orchid = await tenant('sp-orchid');
    const channel = await unit(async (tx) => (await tx.channels.findOne({ name: 'gatekeeper' }))!);
    expect([stateOf(orchid), orchid.kind, orchid.channelId]).toEqual(['ACTIVE', 'reseller', channel.id]);
    expect(await account('sp-orchid')).toMatchObject({ channelId: channel.id, tenantId: orchid.id, liveKey: '0' });
    const { registry } = db.persistence.readers;
    expect((await registry.provider(channel.id, 'sp-orchid'))?.id).toBe(orchid.id);
    expect(await registry.providers(channel.id)).toMatchObject([{ providerId: 'sp-orchid' }]);
    expect(await unit((tx) => tx.approvals.count({ tenantId: orchid.id }))).toBe(0);
  });

  it('a provider without an id of its own is known by the name of its account', async () => {
    const file = gatekeeper(`${lotus} }`);
    await apply(file);
    const { id, channelId } = await tenant('lotus');
    expect((await db.persistence.readers.registry.provider(channelId, 'sp-lotus'))?.id).toBe(id);
    const before = await counts();
    await apply(file);
    expect(await counts()).toEqual(before);
    expect((await exportSeed(cliHub(db))).tenants).toMatchObject([{ externalId: 'sp-lotus' }]);
  });

  it('refuses an account under another name than its provider has, or of a tenant elsewhere', async () => {
    const other = gatekeeper(`${lotus} }`, ', externalId: lotus-1');
    expect(await refused(other)).toEqual(['seed.yaml:4:5: username: must be the externalId of its tenant, "lotus-1"']);
    const elsewhere = gatekeeper(`${lotus} }`).replace(', channel: gatekeeper }', ' }');
    expect(await refused(elsewhere)).toEqual(['seed.yaml:4:5: tenant: must be a tenant of channel "gatekeeper"']);
  });

  it('certificates: exactly those a list names, moved between accounts in one file, written back by export', async () => {
    const desk = '  - { channel: gatekeeper, username: op-desk, password: "change-me-Op-1", level: READ_WRITE';
    const file = (ofDesk: string, ofLotus: string) =>
      gatekeeper(`${desk}${ofDesk} }\n${lotus}${ofLotus} }`, ', externalId: sp-lotus');
    const colons = `sha256:${'AB:'.repeat(31)}AB`;
    await apply(file(', certificates: ["CN=desk,O=Hub"]', `, certificates: ["${colons}"]`));
    expect([await boundTo('op-desk'), await boundTo('sp-lotus')]).toEqual([
      ['subject CN=desk,O=Hub'],
      [`fingerprint ${'ab'.repeat(32)}`],
    ]);
    const exported = await exportSeed(cliHub(db));
    expect(exported.serviceAccounts?.map(({ certificates }) => certificates)).toEqual([['CN=desk,O=Hub'], [sha]]);
    const before = await counts();
    expect(await apply(stringify(exported))).toMatchObject({ serviceAccounts: { unchanged: 2, changed: 0 } });
    await apply(file('', ''));
    expect(await counts()).toEqual(before);

    const moved = await apply(file(`, certificates: ["${sha}"]`, ', certificates: []'));
    expect(moved).toMatchObject({ serviceAccounts: { changed: 2 } });
    expect([await boundTo('op-desk'), await boundTo('sp-lotus')]).toEqual([[`fingerprint ${'ab'.repeat(32)}`], []]);
  });

  it('certificates that cannot be read, or are there twice, are told with their place', () => {
    const list = `["sha1:00", "${sha}", "${sha}", desk]`;
    const problems = parse(gatekeeper(`${lotus}, certificates: ${list} }`)).problems;
    expect(problems.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('certificate "sha256'),
      expect.stringMatching(/^certificate.*"sha256:" with 64/),
      expect.stringMatching(/^certificate.*a subject such as/),
    ]);
  });

  it('properties of tenants, applications and instances, there and back; their order says nothing', async () => {
    const file = (pairs: string) => `applications:
  - { key: crm, name: CRM, properties: ${pairs} }
tenants:
  - { key: t, name: T, kind: customer, properties: ${pairs} }
instances:
  - { key: i, tenant: t, application: crm, properties: ${pairs} }
`;
    await apply(file('{ region: eu, "7": x, trial: null }'));
    const expected = expect.arrayContaining([
      { name: 'region', value: 'eu' },
      { name: '7', value: 'x' },
      { name: 'trial', value: null },
    ]);
    const objects = () =>
      unit(async (tx) => [
        await tx.applications.findOne({ key: 'crm' }),
        await tx.tenants.findOne({ key: 't' }),
        await tx.instances.findOne({ key: 'i' }),
      ]);
    expect((await objects()).map((object) => object!.properties)).toEqual([expected, expected, expected]);
    const before = await counts();
    await apply(file('{ trial: null, "7": x, region: eu }'));
    await apply(stringify(await exportSeed(cliHub(db))));
    await apply(file('{ trial: null, "7": x, region: eu }').replaceAll(/, properties: \{.*\} \}/g, ' }'));
    expect(await counts()).toEqual(before);
    const tally = await apply(file('{}'));
    expect(tally).toMatchObject({ applications: { changed: 1 }, tenants: { changed: 1 }, instances: { changed: 1 } });
    expect((await objects()).map((object) => object!.properties)).toEqual([[], [], []]);
  });

  it('leaves what waits for an operator as it is, and the hub starts meanwhile', async () => {
    const file = gatekeeper(`${lotus} }`, ', country: JP');
    await apply(file);
    const { id } = await tenant('lotus');
    const approval = await unit((tx) => askApproval(tx, { kind: 'tenant', id, approval: 'update', proposed: {} }));
    expect(await apply(file)).toMatchObject({ tenants: { unchanged: 1, waiting: 0 } });
    const other = await apply(file.replace('JP', 'FR'));
    expect(other).toMatchObject({ tenants: { unchanged: 0, changed: 0, waiting: 1 } });
    expect(summaryOf(other)).toMatch(/0 changed, 2 unchanged, 1 left until an operator has answered$/);
    expect((await tenant('lotus')).country).toBe('JP');
    await unit((tx) => decideApproval(tx, { id: approval.id, approve: false }));
    expect(await apply(file.replace('JP', 'FR'))).toMatchObject({ tenants: { changed: 1 } });
  });

  it('export leaves out what a file could not name: providers that registered, what ended, what is theirs', async () => {
    const ours = gatekeeper(`${lotus} }`, ', externalId: sp-lotus', '  - { key: gone, name: Gone, kind: customer }\n');
    await apply(ours);
    const { channelId } = await tenant('lotus');
    const gone = await tenant('gone');
    await unit(async (tx) => {
      const iris = await registerProvider(tx, { channelId, externalId: 'sp-iris', passwordHash: 'hash' });
      const approval = await tx.approvals.findOne({ openKey: iris.id });
      await decideApproval(tx, { id: approval!.id, approve: true });
      const machine = { secretHash: 'hash', grantTypes: ['client_credentials'], scopes: ['hub.read'] } as const;
      for (const { id, name } of [iris, gone]) await registerClient(tx, { ...machine, clientId: name, tenantId: id });
      await terminateObject(tx, { kind: 'tenant', id: gone.id });
    });
    const exported = await exportSeed(cliHub(db));
    expect(exported.serviceAccounts?.map(({ username, tenant: key }) => [username, key])).toEqual([
      ['sp-lotus', 'lotus'],
    ]);
    expect(exported.tenants?.map(({ key }) => key)).toEqual(['lotus']);
    expect(exported.clients).toBeUndefined();
    const before = await counts();
    await apply(stringify(exported));
    expect(await counts()).toEqual(before);
    expect(parse(stringify(exported)).problems).toEqual([]);
  });

  it('gives the name of an ended account to a new one', async () => {
    await apply(gatekeeper(`${lotus} }`, ', externalId: sp-lotus'));
    const { id } = await tenant('lotus');
    const approve = async (tx: Unit, approvalId: string) => decideApproval(tx, { id: approvalId, approve: true });
    await unit(async (tx) => {
      const { disableObject } = await import('../../src/core/provisioning/index.js');
      await disableObject(tx, { kind: 'tenant', id });
      await approve(tx, (await askApproval(tx, { kind: 'tenant', id, approval: 'delete' })).id);
    });
    const again = gatekeeper(`${lotus} }`).replaceAll('lotus', 'rose').replaceAll('sp-rose', 'sp-lotus');
    expect(await apply(again)).toMatchObject({ tenants: { created: 1 }, serviceAccounts: { created: 1 } });
    expect((await exportSeed(cliHub(db))).serviceAccounts).toMatchObject([{ username: 'sp-lotus', tenant: 'rose' }]);
    const late =
      'serviceAccounts:\n  - { channel: gatekeeper, username: x, password: "change-me-Sp-1", tenant: lotus }\n';
    expect(await refused(late)).toEqual(['seed.yaml:2:5: tenant is deleted']);
  });
});
