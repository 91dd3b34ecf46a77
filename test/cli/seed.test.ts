import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { CliError } from '../../src/adapters/cli/exit-codes.js';
import { applySeed } from '../../src/adapters/cli/seed/apply.js';
import { exportSeed } from '../../src/adapters/cli/seed/export.js';
import { parseSeed } from '../../src/adapters/cli/seed/parse.js';
import { type LicensePool, setPoolQuantity, subPurchase } from '../../src/core/licensing/index.js';
import { terminateTenantTree } from '../../src/core/provisioning/index.js';
import { systemActor } from '../../src/core/shared/actor.js';
import { minute } from '../../src/core/shared/clock.js';
import { onEveryDatabase } from '../support/databases.js';
import { channelSettings, cliHub, passwords, rows } from './support.js';

const example = await readFile('hub.example.yaml', 'utf8');
const parse = (text: string) => parseSeed(text, 'seed.yaml', channelSettings);

onEveryDatabase('the seed file', (db) => {
  const apply = (text: string) => applySeed(cliHub(db), parse(text), 'req');
  const read = <T>(work: Parameters<typeof db.persistence.uow.run<T>>[2]) =>
    db.persistence.uow.run(systemActor('test'), { name: 'test.read', requestId: 'test' }, work);
  const counts = async () => [await rows(db, 'journal_entries'), await rows(db, 'outbox_events')];

  it('applies the example', async () => {
    const progress: string[] = [];
    const tally = await applySeed(cliHub(db), parse(example), 'req', (label, done, total) =>
      progress.push(`${label} ${done}/${total}`),
    );
    expect(tally).toMatchObject({
      operators: { created: 2, changed: 0, unchanged: 0 },
      channels: { created: 5 },
      serviceAccounts: { created: 5 },
      applications: { created: 3 },
      plans: { created: 2 },
      tenants: { created: 4 },
      users: { created: 2 },
      pools: { created: 4 },
      instances: { created: 1 },
      licenses: { created: 2 },
      clients: { created: 2 },
      identityProviders: { created: 1 },
      webhooks: { created: 1 },
    });
    const [, total] = /(\d+)\/\d+$/.exec(progress.at(-1) ?? '') ?? [];
    expect(progress.at(-1)).toBe(`webhooks ${total}/${total}`);
  });

  it('changes nothing the second time: no journal entry, no event', async () => {
    await apply(example);
    const before = await counts();
    db.clock.advance(minute);
    const tally = await apply(example);
    expect(await counts()).toEqual(before);
    for (const kind of Object.values(tally)) expect(kind).toMatchObject({ created: 0, changed: 0 });
  });

  it('writes what the design settled', async () => {
    await apply(example);
    await read(async (tx) => {
      const tenant = async (key: string) => (await tx.tenants.findOne({ key }))!;
      const unity = (await tx.channels.findOne({ name: 'unity' }))!;
      const gatekeeper = (await tx.channels.findOne({ name: 'gatekeeper' }))!;
      const refs = await tx.externalRefs.findMany({ kind: 'tenant' });
      expect(refs.map((r) => [r.channelId, r.externalId, r.targetId, r.parentId]).sort()).toEqual(
        [
          [gatekeeper.id, 'sp-orchid', (await tenant('sp-orchid')).id, ''],
          [unity.id, 'xsp.provider.example', (await tenant('provider')).id, ''],
          [unity.id, 'northwind', (await tenant('northwind')).id, (await tenant('provider')).id],
        ].sort(),
      );
      const desk = (await tx.serviceAccounts.findOne({ channelId: gatekeeper.id, username: 'op-desk' }))!;
      expect(desk).toMatchObject({ level: 666, tenantId: null, addresses: null, soapSecret: 'change-me-Digest-1' });
      expect(await passwords.verify(desk.passwordHash, 'change-me-Op-1')).toBe(true);
      const mina = (await tx.userEmails.findOne({ verifiedKey: 'mina@sunrise.example' }))!;
      const [seat] = await tx.licenses.findMany({ userId: mina.userId });
      const instance = (await tx.instances.findOne({ key: 'sunrise-crm' }))!;
      expect(seat).toMatchObject({ instanceId: instance.id, liveKey: '0' });
      expect(await tx.subscriptions.findMany({ instanceId: instance.id })).toMatchObject([
        { status: 'ACTIVE', priceMinor: 1500n, currency: 'EUR', seats: 'perSeat' },
      ]);
      const provider = await tx.licensePools.findMany({ tenantId: (await tenant('provider')).id });
      const northwind = await tx.licensePools.findMany({ tenantId: (await tenant('northwind')).id });
      expect(provider.map((p) => [p.quantity, p.used])).toContainEqual([100, 20]);
      expect(northwind).toMatchObject([{ quantity: 20, oversell: true }]);
      const backoffice = (await tx.clients.findOne({ clientId: 'backoffice' }))!;
      expect(backoffice).toMatchObject({ level: 1000, grantTypes: ['client_credentials'] });
    });
  });

  it('changes what differs and only that', async () => {
    await apply(example);
    const changed = example
      .replace('name: Sunrise Dental', 'name: Sunrise Clinic')
      .replace('change-me-Mkp-1', 'change-me-Mkp-9')
      .replace('quantity: 5', 'quantity: 7')
      .replace('roles: [MEMBER]', 'roles: [VIEWER]')
      .replace('plan: crm-month }', 'plan: crm-year }')
      .replace('change-me-User-1', 'change-me-User-9');
    const tally = await apply(changed);
    expect(tally).toMatchObject({
      tenants: { changed: 1, unchanged: 3 },
      serviceAccounts: { changed: 1, unchanged: 4 },
      pools: { changed: 1 },
      users: { changed: 2 },
      instances: { changed: 1 },
      channels: { changed: 0 },
      clients: { changed: 0 },
    });
  });

  it('applies all of a file or nothing, and names the line of what the core refuses', async () => {
    await apply(example);
    const before = await counts();
    const refused = example
      .replace('name: Sunrise Dental', 'name: Sunrise Clinic')
      .replace('interval: year', 'interval: week');
    const error = (await apply(refused).catch((e: unknown) => e)) as CliError;
    const line = example.split('\n').findIndex((l) => l.includes('key: crm-year')) + 1;
    expect(error.exitCode).toBe(2);
    expect(error.hint).toContain('start without SEED_FILE');
    expect(error.problems).toEqual([
      expect.stringMatching(new RegExp(`^seed.yaml:${line}:\\d+: interval: cannot be changed`)),
    ]);
    expect(await counts()).toEqual(before);
  });

  it('starts again with its first file, whatever was sold, given back or ended since', async () => {
    const start = (text: string) => applySeed(cliHub(db), parse(text), 'req', undefined, { keepsLater: true });
    await start(example);
    const first = await counts();
    expect(await start(example)).toMatchObject({ pools: { unchanged: 4, kept: 0 } });
    expect(await counts()).toEqual(first);
    await read(async (tx) => {
      const tenant = async (key: string) => (await tx.tenants.findOne({ key }))!.id;
      const pools = await tx.licensePools.findMany({ tenantId: await tenant('northwind') });
      const [{ licenseTypeId }] = pools as [LicensePool];
      await setPoolQuantity(tx, { tenantId: await tenant('provider'), licenseTypeId, quantity: 300 });
      await subPurchase(tx, { tenantId: await tenant('northwind'), licenseTypeId, quantity: 150 });
      await terminateTenantTree(tx, { id: await tenant('sunrise') });
    });
    const sold = await counts();
    expect(await start(example)).toMatchObject({
      tenants: { unchanged: 3, kept: 1 },
      pools: { unchanged: 2, kept: 2 },
      users: { kept: 2 },
      instances: { kept: 1 },
      licenses: { kept: 2 },
    });
    expect(await counts()).toEqual(sold);
    const edited = example.replace('quantity: 20, oversell', 'quantity: 210, oversell');
    expect(await start(edited)).toMatchObject({ pools: { changed: 1 } });
    await expect(apply(example)).rejects.toMatchObject({ problems: [expect.stringContaining('tenant is deleted')] });
  });

  it('lets a second file speak of what the hub knows, and refuses what nobody knows', async () => {
    await apply(example);
    const tenants = `tenants:
  - { key: below, name: Below, kind: customer, parent: northwind, pools: [{ application: UnityDesktop, licenseType: Pro, quantity: 2 }] }
`;
    expect(await apply(tenants)).toMatchObject({ tenants: { created: 1 }, pools: { created: 1 } });
    const error = (await apply(tenants.replace('northwind', 'nobody').replace('Pro', 'Con')).catch(
      (e: unknown) => e,
    )) as CliError;
    expect(error.problems).toEqual([
      'seed.yaml:2:56: tenant "nobody" is neither in this file nor in the hub',
      expect.stringMatching(/^seed.yaml:2:\d+: licenseType "Con" of application "UnityDesktop" is neither/),
    ]);
  });

  it('takes parents in any order', async () => {
    const file = `tenants:
  - { key: leaf, name: Leaf, kind: customer, parent: stem }
  - { key: stem, name: Stem, kind: reseller, parent: root }
  - { key: root, name: Root, kind: provider }
`;
    expect(await apply(file)).toMatchObject({ tenants: { created: 3 } });
    await read(async (tx) => {
      const leaf = (await tx.tenants.findOne({ key: 'leaf' }))!;
      const names = (await tx.tenantTree.lineage(leaf.id)).map((t) => t.key);
      expect(names).toEqual(['leaf', 'stem', 'root']);
    });
  });

  it('moves a quantity between pools of one tree', async () => {
    await apply(example);
    const file = (a: number, b: number) => `tenants:
  - { key: top, name: Top, kind: provider, pools: [{ application: UnityDesktop, licenseType: Pro, quantity: 10 }] }
  - { key: left, name: Left, kind: reseller, parent: top, pools: [{ application: UnityDesktop, licenseType: Pro, quantity: ${a} }] }
  - { key: right, name: Right, kind: reseller, parent: top, pools: [{ application: UnityDesktop, licenseType: Pro, quantity: ${b} }] }
`;
    await apply(file(8, 2));
    expect(await apply(file(2, 8))).toMatchObject({ pools: { changed: 2, unchanged: 1 } });
  });

  it('keeps secrets the file leaves out, and asks for those of what is new', async () => {
    await apply(example);
    const before = await counts();
    const bare = example
      .replaceAll(/,\s+(?:password|soapSecret|clientSecret): "[^"]*"/g, '')
      .replace(/secret: "whsec_[^"]*", /, '')
      .replace(/ {4}clientSecret: .*\n/, '');
    expect(bare).not.toContain('change-me-');
    await apply(bare);
    expect(await counts()).toEqual(before);
    const fresh = 'serviceAccounts:\n  - { channel: carrier, username: other }\n';
    const error = (await apply(fresh).catch((e: unknown) => e)) as CliError;
    expect(error.problems).toEqual(['seed.yaml:2:5: password: is needed for a new service account']);
  });

  it('exports what it applied, without secrets, so that applying it again changes nothing', async () => {
    await apply(example);
    const before = await counts();
    const text = stringify(await exportSeed(cliHub(db)));
    expect(text).not.toMatch(/change-me|whsec_|apiSecret|argon2/);
    const parsed = parse(text);
    expect(parsed.problems).toEqual([]);
    const tally = await apply(text);
    expect(await counts()).toEqual(before);
    const sum = (kind: 'created' | 'changed' | 'unchanged') =>
      Object.values(tally).reduce((total, counted) => total + counted[kind], 0);
    expect([sum('created'), sum('changed'), sum('unchanged')]).toEqual([0, 0, 34]);
  });
});
