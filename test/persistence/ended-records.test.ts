import { ChannelRecordsEnd1763700000013 } from '../../migrations/1763700000013-channel-records-end.js';
import { addChannelRecord, configureChannel, endChannelRecord } from '../../src/core/marketplace/index.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { migrationSource } from '../../src/persistence/schema/data-source.js';
import { perform, system } from '../core/support/hub.js';
import { onEveryDatabase } from '../support/databases.js';

onEveryDatabase('channel records that ended', (db) => {
  it('are unknown to the version before, which has one of each id', async () => {
    const live = await perform(db, system, async (tx) => {
      const { id: channelId } = await configureChannel(tx, { name: 'unity', protocol: 'kakapo', settings: {} });
      const tenant = await createTenant(tx, { kind: 'provider', name: 'Provider', channelId });
      const queue = { kind: 'queue', tenantId: tenant.id, externalId: 'q1', data: {} };
      for (let times = 0; times < 2; times += 1) {
        await endChannelRecord(tx, { id: (await addChannelRecord(tx, queue)).id });
      }
      return addChannelRecord(tx, queue);
    });
    const source = await (await migrationSource(db.raw.address)).initialize();
    const runner = source.createQueryRunner();
    const step = new ChannelRecordsEnd1763700000013();
    try {
      await step.down(runner);
      expect(await db.raw.read.all('SELECT id FROM channel_records')).toEqual([{ id: live.id }]);
    } finally {
      await step.up(runner);
      await source.destroy();
    }
    expect(await db.persistence.lookups.channelRecords.find(live.id)).toMatchObject({ endedAt: null, liveKey: '0' });
  });
});
