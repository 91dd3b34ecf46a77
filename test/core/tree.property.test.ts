import fc from 'fast-check';
import { terminateObject } from '../../src/core/provisioning/index.js';
import { createTenant, tenantKinds } from '../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { outcome, perform, system } from './support/hub.js';

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom(...tenantKinds), below: fc.nat(40), end: fc.constant(false) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom(...tenantKinds), below: fc.nat(40), end: fc.constant(true) }),
  },
);

onEveryDatabase('the tenant tree', (db) => {
  const paths = () =>
    db.raw.read.all<{ up: string; down: string; depth: number }>(
      'SELECT ancestor_id AS up, descendant_id AS down, depth FROM tenant_paths',
    );

  it('knows of every tenant exactly what its parent links say', async () => {
    const game = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const parents = new Map<string, string>();
      for (const { kind, below, end } of steps) {
        const known = ['', ...parents.keys()];
        const id = known[below % known.length]!;
        await outcome(
          perform(db, system, async (tx) => {
            if (end) return terminateObject(tx, { kind: 'tenant', id });
            const tenant = await createTenant(tx, { kind, name: 'T', parentId: id });
            parents.set(tenant.id, id);
            return tenant;
          }).catch((error: unknown) => {
            for (const made of parents.keys()) if (!known.includes(made)) parents.delete(made);
            throw error;
          }),
        );
      }
      const expected: string[] = [];
      for (const tenant of parents.keys()) {
        let depth = 0;
        for (let up = tenant; up !== ''; up = parents.get(up)!) expected.push(`${up} ${tenant} ${depth++}`);
      }
      const stored = (await paths()).filter((row) => parents.has(row.down));
      expect(stored.map(({ up, down, depth }) => `${up} ${down} ${depth}`).sort()).toEqual(expected.sort());
      await perform(db, system, async (tx) => {
        for (const [tenant, parentId] of parents) {
          const row = (await tx.tenants.find(tenant))!;
          expect(row.parentId).toBe(parentId);
          if (row.terminatedAt !== null) {
            const below = await tx.tenantTree.descendants(tenant);
            const live = await Promise.all(below.map(async (id) => (await tx.tenants.find(id))!.terminatedAt === null));
            expect(live).not.toContain(true);
          }
        }
      });
    });
    await fc.assert(game, { numRuns: db.dialect === 'sqlite' ? 10 : 3, endOnFailure: true });
  });

  it('has at most 16 levels', async () => {
    let parentId = '';
    for (let level = 1; level <= 16; level += 1) {
      parentId = (await perform(db, system, (tx) => createTenant(tx, { kind: 'provider', name: 'P', parentId }))).id;
    }
    const deeper = perform(db, system, (tx) => createTenant(tx, { kind: 'provider', name: 'P', parentId }));
    expect(await outcome(deeper)).toBe('invalid_value');
  });

  it('gets no tenant below one that is deleted at the same moment', async () => {
    for (let round = 0; round < 20; round += 1) {
      const parent = await perform(db, system, (tx) => createTenant(tx, { kind: 'provider', name: 'P' }));
      const child = { kind: 'customer', name: 'C', parentId: parent.id } as const;
      const answers = await Promise.all([
        outcome(perform(db, system, (tx) => createTenant(tx, child))),
        outcome(perform(db, system, (tx) => terminateObject(tx, { kind: 'tenant', id: parent.id }))),
      ]);
      expect([
        ['done', 'in_use'],
        ['terminated', 'done'],
      ]).toContainEqual(answers);
    }
  });
});
