import { KakapoResellerRefs1763700000012 } from '../../../migrations/1763700000012-kakapo-reseller-refs.js';
import { bindExternalRef, configureChannel, type Protocol } from '../../../src/core/marketplace/index.js';
import { systemActor } from '../../../src/core/shared/actor.js';
import { createTenant, type TenantKind } from '../../../src/core/tenancy/index.js';
import { migrationSource } from '../../../src/persistence/schema/data-source.js';
import { onEveryDatabase } from '../../support/databases.js';

onEveryDatabase('the ids of resellers that an older version bound', (db) => {
  const system = systemActor('test');
  const command = { name: 'test.refs', requestId: 'test' };
  const run: typeof db.persistence.uow.run = (...args) => db.persistence.uow.run(...args);

  async function migrate(direction: 'up' | 'down'): Promise<void> {
    const source = await (await migrationSource(db.raw.address)).initialize();
    const runner = source.createQueryRunner();
    await new KakapoResellerRefs1763700000012()[direction](runner);
    await source.destroy();
  }

  /** Two providers, each with the reseller `ent1` as the older version would have it: the second one could not be bound then. */
  async function hub(protocol: Protocol) {
    return run(system, command, async (tx) => {
      const { id: channelId } = await configureChannel(tx, { name: protocol, protocol, settings: {} });
      const tenant = async (kind: TenantKind, parentId = ''): Promise<string> =>
        (await createTenant(tx, { kind, name: kind, channelId, parentId })).id;
      const bind = async (externalId: string, targetId: string, parentId = ''): Promise<string> =>
        (await bindExternalRef(tx, { channelId, kind: 'tenant', externalId, targetId, parentId })).id;
      const [provider, other] = [await tenant('provider'), await tenant('provider')];
      const [reseller, theirs] = [await tenant('reseller', provider), await tenant('reseller', other)];
      const below = await tenant('reseller', reseller);
      const group = await tenant('group', reseller);
      const alone = await tenant('reseller');
      await bind('host', provider);
      await bind('other', other);
      const refs = {
        reseller: await bind('ent1', reseller),
        below: await bind('below', below),
        group: await bind('g1', group, reseller),
        alone: await bind('alone', alone),
      };
      return { provider, other, reseller, theirs, refs, channelId };
    });
  }
  const parentOf = async (refId: string) => (await db.persistence.lookups.externalRefs.find(refId))?.parentId;

  it('are moved under the nearest provider above, and back as far as they can be told apart', async () => {
    const { provider, other, reseller, theirs, refs, channelId } = await hub('kakapo');
    const parents = async () => Promise.all(Object.values(refs).map(parentOf));
    const before = await parents();
    expect(before).toEqual(['', '', reseller, '']);
    await migrate('up');
    await migrate('up');
    expect(await parents()).toEqual([provider, provider, reseller, '']);
    const second = await run(system, command, (tx) =>
      bindExternalRef(tx, { channelId, kind: 'tenant', externalId: 'ent1', parentId: other, targetId: theirs }),
    );
    await migrate('down');
    expect(await parents()).toEqual(before);
    expect(await parentOf(second.id)).toBe(other);
    await migrate('up');
    expect(await parents()).toEqual([provider, provider, reseller, '']);
  });

  it('of other protocols stay where they are', async () => {
    const { refs } = await hub('nec');
    await migrate('up');
    expect(await parentOf(refs.reseller)).toBe('');
  });
});
