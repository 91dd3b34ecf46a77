import { cancelRecurringBillsOf } from './account/recurring.js';
import { createRecord, updateRecord } from './connec/records.js';
import type { HubAnswer } from './hub-client.js';
import type { Purchase } from './instance.js';
import type { ConnecRecord, Fields } from './model.js';
import type { World } from './world.js';

/** What the people of a marketplace do, and what the hub is told of it. */
export interface Desk {
  /** The company cancels the service. The hub may still bill while it is told (spec Maestrano 1.6). */
  cancelGroup(purchase: Purchase): Promise<HubAnswer>;
  /** A company that had canceled buys again, with its people. The hub learns of it at the next launch (spec Maestrano 1.1). */
  buyAgain(purchase: Purchase): void;
  /** The company takes a person out. */
  cancelMember(purchase: Purchase, personUid: string): Promise<HubAnswer>;
  addRecord(purchase: Purchase, collection: string, fields: Fields): ConnecRecord;
  changeRecord(purchase: Purchase, record: ConnecRecord, fields: Fields): void;
}

export function createDesk(world: World): Desk {
  return {
    async cancelGroup({ marketplace, group }) {
      const answer = await world.hub.cancelGroup(marketplace, group.uid);
      const now = world.clock.now();
      group.status = 'terminated';
      group.updatedAt = now;
      cancelRecurringBillsOf(marketplace, group.uid, now);
      return answer;
    },
    buyAgain({ group }) {
      group.status = 'running';
      group.updatedAt = world.clock.now();
    },
    async cancelMember({ marketplace, group }, personUid) {
      group.members.delete(personUid);
      group.updatedAt = world.clock.now();
      return world.hub.cancelMember(marketplace, group.uid, personUid);
    },
    addRecord({ marketplace, group }, collection, fields) {
      const record = createRecord(marketplace, group, collection, fields, world.clock.now());
      world.announcer.announce(marketplace, group, record);
      return record;
    },
    changeRecord({ marketplace, group }, record, fields) {
      updateRecord(record, fields, world.clock.now());
      world.announcer.announce(marketplace, group, record);
    },
  };
}
