import type { ConnecRecord, Group, LocalMarketplace } from '../model.js';
import type { World } from '../world.js';
import { recordsOf, shownRecord } from './records.js';

const tries = 5;
/** Milliseconds before the first repetition; doubled for each further one. */
const pause = 200;

/** Tells a hub what changed in Connec!, after the answer and at least once (spec Maestrano 1.8.4). */
export interface Announcer {
  announce(marketplace: LocalMarketplace, group: Group, record: ConnecRecord): void;
  /** Resolves when everything so far was told or given up. */
  settled(): Promise<void>;
  stop(): void;
}

export function createAnnouncer(world: () => World, log: (text: string) => void): Announcer {
  const open = new Set<Promise<void>>();
  let stopped = false;

  async function tell(marketplace: LocalMarketplace, message: object): Promise<void> {
    for (let attempt = 0; attempt < tries && !stopped; attempt += 1) {
      const status = await world()
        .hub.notify(marketplace, message)
        .then(
          (answer) => answer.status,
          () => 0,
        );
      if (status === 200) return;
      log(`${marketplace.name}: the hub answered a notification with ${status === 0 ? 'nothing' : status}`);
      await new Promise((resolve) => setTimeout(resolve, pause * 2 ** attempt).unref());
    }
  }

  return {
    announce(marketplace, group, record) {
      const told = tell(marketplace, messageOf(marketplace, group, [record])).finally(() => open.delete(told));
      open.add(told);
    },
    async settled() {
      while (open.size > 0) await Promise.all(open);
    },
    stop() {
      stopped = true;
    },
  };
}

/** The records by collection, each with its id array. */
export function messageOf(marketplace: LocalMarketplace, group: Group, changed: readonly ConnecRecord[]): object {
  const view = { arrays: true, group, records: recordsOf(marketplace, group) };
  const message: Record<string, unknown[]> = {};
  for (const record of changed) {
    message[record.collection] ??= [];
    message[record.collection]!.push(shownRecord(record, view));
  }
  return message;
}
