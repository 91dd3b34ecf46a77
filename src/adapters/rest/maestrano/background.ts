import type { ChannelTask } from '../../../core/marketplace/index.js';
import { ChannelTaskImpossible, type MarketplaceBackground, type MarketplacePorts } from '../../marketplace.js';
import {
  billCheckTask,
  checkBill,
  createBillingSubscriber,
  createBillLoop,
  createPasswordCheck,
  nameReseller,
  resellerTask,
} from './account/index.js';
import type { Sharing } from './connec/index.js';
import type { Discovery } from './discovery/discovery.js';
import { createBeginUrl, createRecheck, createSignOutUrl } from './saml/index.js';

/** What Maestrano does without being called, and what the rest of the hub asks it. */
export function createBackground(
  ports: MarketplacePorts,
  { discovery, sharing }: { readonly discovery: Discovery; readonly sharing: Sharing },
): MarketplaceBackground {
  const works: ReadonlyMap<string, (task: ChannelTask) => Promise<void>> = new Map([
    [billCheckTask, (task: ChannelTask) => checkBill(ports, task)],
    [resellerTask, (task: ChannelTask) => nameReseller(ports, task)],
    ...sharing.taskKinds.map((kind) => [kind, sharing.work] as const),
  ]);
  return {
    subscribers: [createBillingSubscriber(ports), ...sharing.subscribers],
    async work(task) {
      const work = works.get(task.kind);
      if (work === undefined) throw new ChannelTaskImpossible(`Maestrano has no task named "${task.kind}"`);
      await work(task);
    },
    loops: [discovery.loop, createBillLoop(ports)],
    recheck: createRecheck(ports),
    verifyPassword: createPasswordCheck(ports),
    signOutUrl: createSignOutUrl(ports),
    beginUrl: createBeginUrl(ports),
    rediscover: (channelId) => discovery.rediscover(channelId),
  };
}
