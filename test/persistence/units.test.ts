import { DomainError } from '../../src/core/shared/errors.js';
import type { Committed } from '../../src/persistence/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { command, makeApplication, makePlan, makePool, makeTenant, makeUser, system, write } from './support/world.js';

onEveryDatabase('units of work', (db) => {
  const run: typeof write = (_, work) => write(db.persistence, work);
  const tenants = () => db.persistence.readers.tenants;

  it('keep nothing of a run that throws', async () => {
    const failing = run(db.persistence, async (tx) => {
      const tenant = await makeTenant(tx, 'ACME');
      tx.emit({
        type: 'tenant.created',
        aggregate: { kind: 'tenant', id: tenant.id, version: 1 },
        tenantId: tenant.id,
        payload: {},
      });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await tenants().count(system)).toBe(0);
    expect(await db.persistence.readers.journal.count(system)).toBe(0);
    expect(await db.raw.read.all('SELECT id FROM outbox_events')).toEqual([]);
  });

  it('are invisible to readers until they commit', async () => {
    await run(db.persistence, async (tx) => {
      await makeTenant(tx, 'ACME');
      expect(await tenants().count(system)).toBe(0);
    });
    expect(await tenants().count(system)).toBe(1);
  });

  it('refuse a unit inside a unit', async () => {
    const nested = run(db.persistence, () => run(db.persistence, async () => undefined));
    await expect(nested).rejects.toThrow('inside another');
  });

  it('tell listeners what was committed, and only that', async () => {
    const told: Committed[] = [];
    const stop = db.persistence.onCommit((committed) => told.push(committed));
    await run(db.persistence, (tx) => makeTenant(tx, 'ACME'));
    await run(db.persistence, (tx) => tx.tenants.findMany({}));
    await expect(run(db.persistence, () => Promise.reject(new Error('no')))).rejects.toThrow();
    stop();
    await run(db.persistence, (tx) => makeTenant(tx, 'Other'));
    expect(told).toEqual([{ events: 0, journalEntries: 1, kinds: new Set(['tenant']) }]);
  });

  it('find rows by id, by match and by null', async () => {
    await run(db.persistence, async (tx) => {
      const a = await makeTenant(tx, 'a');
      const b = await tx.tenants.save(await makeTenant(tx, 'b', a.id), { terminatedAt: tx.now });
      expect(await tx.tenants.find(a.id)).toEqual(a);
      expect(await tx.tenants.lock(b.id)).toEqual(b);
      expect(await tx.tenants.find('ten_missing')).toBeUndefined();
      expect(await tx.tenants.find('日本')).toBeUndefined();
      expect(await tx.tenants.findOne({ key: 'none' })).toBeUndefined();
      expect(await tx.tenants.findMany({ terminatedAt: null })).toEqual([a]);
      expect(await tx.tenants.findMany({ kind: 'customer' }, 1)).toEqual([a]);
      expect(await tx.tenants.count({ parentId: a.id })).toBe(1);
      expect(await tx.tenants.count({ parentId: 'é' })).toBe(0);
    });
  });

  it('compare keys byte by byte', async () => {
    await run(db.persistence, async (tx) => {
      await makeApplication(tx, 'Mail');
      for (const key of ['mail', 'MAIL', 'Mail ', 'Maíl']) {
        expect(await tx.applications.findOne({ ownerTenantId: '', key, liveKey: '0' })).toBeUndefined();
      }
      await makeApplication(tx, 'mail');
      await expect(makeApplication(tx, 'Mail')).rejects.toMatchObject({
        code: 'already_exists',
        params: { kind: 'application', key: 'Mail' },
      });
    });
  });

  it('refuse text that is too long alike', async () => {
    const long = run(db.persistence, (tx) => makeTenant(tx, 'x'.repeat(201)));
    await expect(long).rejects.toMatchObject({ code: 'invalid_value', params: { field: 'name' } });
    await run(db.persistence, (tx) => makeTenant(tx, '😀'.repeat(200)));
  });

  it('save only what differs, and only on the version that was read', async () => {
    await run(db.persistence, async (tx) => {
      const first = await makeTenant(tx, 'a');
      expect(await tx.tenants.save(first, { name: 'a', contact: {} })).toBe(first);
      const second = await tx.tenants.save(first, { name: 'b' });
      expect(second).toEqual({ ...first, name: 'b', version: 2 });
      expect(await tx.tenants.find(first.id)).toEqual(second);
      await expect(tx.tenants.save(first, { name: 'c' })).rejects.toMatchObject({
        code: 'version_conflict',
        params: { kind: 'tenant', expected: 1, actual: 2 },
      });
      expect((await tx.tenants.rely(first.id))?.version).toBe(3);
      expect(await tx.tenants.rely('ten_missing')).toBeUndefined();
    });
  });

  it('keep 64-bit amounts exactly', async () => {
    const amounts = [9_007_199_254_740_993n, -9_007_199_254_740_993n, 2n ** 63n - 1n, 0n];
    const plans = await run(db.persistence, async (tx) => {
      const application = await makeApplication(tx, 'app');
      return Promise.all(amounts.map((amount, at) => makePlan(tx, application.id, `p${at}`, amount)));
    });
    const read = await db.persistence.readers.plans.byIds(
      system,
      plans.map((plan) => plan.id),
    );
    expect(read.map((plan) => plan?.priceMinor)).toEqual(amounts);
    const ordered = await db.persistence.readers.plans.page(system, {
      first: 10,
      orderBy: { field: 'priceMinor', direction: 'ASC' },
    });
    expect(ordered.nodes.map((plan) => plan.priceMinor)).toEqual([...amounts].sort((a, b) => (a < b ? -1 : 1)));
    const exact = await db.persistence.readers.plans.page(system, {
      first: 10,
      filter: { priceMinor: { gte: '9007199254740993' } },
    });
    expect(exact.nodes).toHaveLength(2);
    expect(await db.persistence.readers.plans.count(system, { priceMinor: { gt: '9007199254740993' } })).toBe(1);
  });

  it('journal inserts whole and saves by difference, without secrets', async () => {
    const user = await run(db.persistence, async (tx) => {
      const made = await makeUser(tx, 'Ann');
      await tx.users.save(made, { displayName: 'Anna', passwordHash: '$argon2id$other' });
      return made;
    });
    const { nodes } = await db.persistence.readers.journal.page(system, {
      first: 10,
      filter: { objectId: { eq: user.id } },
    });
    expect(nodes[0]).toMatchObject({ before: undefined, after: { displayName: 'Ann', passwordHash: '***' } });
    expect(nodes[1]).toMatchObject({
      command: 'test.write',
      actorKind: 'system',
      before: { displayName: 'Ann', passwordHash: '***' },
      after: { displayName: 'Anna', passwordHash: '***' },
    });
    const stored = await db.raw.read.all('SELECT before_json, after_json FROM journal_payloads');
    expect(JSON.stringify(stored)).not.toContain('argon2id');
  });

  it('keep what is sealed unreadable in the database', async () => {
    const channel = await run(db.persistence, (tx) =>
      tx.channels.insert({
        id: tx.ids.next('channel'),
        createdAt: tx.now,
        name: 'market',
        protocol: 'nec',
        settings: { password: 'topsecret' },
        position: 1,
        disabledAt: null,
        discovered: null,
        discoveredAt: null,
        suspendedAt: null,
      }),
    );
    const dump = await db.raw.read.all('SELECT * FROM channels JOIN journal_payloads');
    expect(JSON.stringify(dump)).not.toContain('topsecret');
    const settings = await run(db.persistence, async (tx) => (await tx.channels.find(channel.id))?.settings);
    expect(settings).toEqual({ password: 'topsecret' });
  });

  it('give 5 seats to exactly 5 of 50 who take at once', async () => {
    const pool = await run(db.persistence, (tx) =>
      makePool(tx, { tenantId: 'ten_x', applicationId: 'app_x', licenseTypeId: 'lty_x' }, 5),
    );
    const taken = await Promise.all(
      Array.from({ length: 50 }, () => run(db.persistence, (tx) => tx.licensePools.take(pool.id, 1))),
    );
    expect(taken.filter(Boolean)).toHaveLength(5);
    const [after] = await db.persistence.readers.licensePools.byIds(system, [pool.id]);
    expect(after?.used).toBe(5);
    await run(db.persistence, (tx) => tx.licensePools.giveBack(pool.id, 9));
    expect((await db.persistence.readers.licensePools.byIds(system, [pool.id]))[0]?.used).toBe(0);
  });

  it('count 500 read-modify-write units exactly', async () => {
    const pool = await run(db.persistence, (tx) =>
      makePool(tx, { tenantId: 'ten_x', applicationId: 'app_x', licenseTypeId: 'lty_x' }, 0),
    );
    await Promise.all(
      Array.from({ length: 500 }, () =>
        run(db.persistence, async (tx) => {
          const row = (await tx.licensePools.lock(pool.id))!;
          await tx.licensePools.save(row, { quantity: row.quantity + 1 });
        }),
      ),
    );
    expect((await db.persistence.readers.licensePools.byIds(system, [pool.id]))[0]?.quantity).toBe(500);
  });

  it('do the whole work again after a deadlock, at most three times', async () => {
    const [a, b] = await run(
      db.persistence,
      async (tx) => [await makeTenant(tx, 'a'), await makeTenant(tx, 'b')] as const,
    );
    let runs = 0;
    const arrived = new Set<string>();
    const cross = (first: string, second: string) =>
      run(db.persistence, async (tx) => {
        runs += 1;
        const one = (await tx.tenants.lock(first))!;
        arrived.add(first);
        // on SQLite units follow one another, so nobody else can have arrived
        if (db.dialect === 'mysql') await eventually(() => arrived.size === 2);
        const two = (await tx.tenants.lock(second))!;
        await tx.tenants.save(one, { name: `${one.name}!` });
        await tx.tenants.save(two, { name: `${two.name}!` });
      });
    await Promise.all([cross(a.id, b.id), cross(b.id, a.id)]);
    const names = (await tenants().byIds(system, [a.id, b.id])).map((tenant) => tenant?.name);
    expect(names).toEqual(['a!!', 'b!!']);
    expect(runs).toBe(db.dialect === 'mysql' ? 3 : 2);
    expect(await db.persistence.readers.journal.count(system, { objectId: { eq: a.id } })).toBe(3);
  });

  it('are busy when the work cannot be done in three tries', async () => {
    const deadlock = Object.assign(new Error('Deadlock found'), { errno: 1213, code: 'ER_LOCK_DEADLOCK' });
    let runs = 0;
    const stuck = db.persistence.uow.run(system, command(), async () => {
      runs += 1;
      throw deadlock;
    });
    if (db.dialect === 'mysql') {
      await expect(stuck).rejects.toMatchObject({ code: 'busy' });
      expect(runs).toBe(3);
    } else {
      await expect(stuck).rejects.toBe(deadlock);
    }
  });

  it('survive a connection that is lost before the commit', async () => {
    if (db.dialect !== 'mysql') return; // an embedded database has none to lose
    let runs = 0;
    await run(db.persistence, async (tx) => {
      runs += 1;
      await makeTenant(tx, 'ACME');
      if (runs > 1) return;
      const connections = await db.raw.read.all<{ id: number }>(
        'SELECT trx_mysql_thread_id AS id FROM information_schema.innodb_trx JOIN information_schema.processlist ' +
          'ON processlist.id = trx_mysql_thread_id WHERE db = DATABASE()',
      );
      for (const { id } of connections) await db.raw.read.run(`KILL ${id}`);
      await tx.tenants.count({});
    });
    expect(runs).toBe(2);
    expect(await tenants().count(system)).toBe(1);
  });

  it('let two processes write to one database', async () => {
    const other = await db.open();
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => write(at % 2 ? other : db.persistence, (tx) => makeTenant(tx, `t${at}`))),
    );
    expect(await other.readers.tenants.count(system)).toBe(20);
  });

  it('throw only what the core knows or what is broken', async () => {
    const refused = run(db.persistence, () => Promise.reject(new DomainError('forbidden', { right: 'write' })));
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
  });
});
