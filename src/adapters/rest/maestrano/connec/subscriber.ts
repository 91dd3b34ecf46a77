import type { PublishedEvent } from '../../../../core/shared/events.js';
import type { MarketplacePorts, Subscriber } from '../../../marketplace.js';
import { beginRun } from './begin-run.js';
import { findGroup, inUnit, type SharingPorts } from './group.js';
import { pushRecord } from './push.js';
import { findSynchronization, tells } from './synchronization.js';

/** Of what may have to be told: one of ours in a collection of the group of an instance. */
interface Told {
  readonly instanceId: string;
  readonly collection: string;
  readonly id: string;
}

/** After these something may read differently in Connec!. */
const wanted: ReadonlySet<string> = new Set([
  'tenant.created',
  'tenant.updated',
  'user.updated',
  'user.emails_changed',
  'membership.added',
  'membership.changed',
  'channel_record.added',
  'channel_record.updated',
]);

/** Tells Connec! what changes here (spec Maestrano 1.8.5). */
export function createSharingSubscriber(ports: SharingPorts): Subscriber {
  return {
    name: 'maestrano:sharing',
    wants: ({ type }) => wanted.has(type),
    idle: async () => (await ports.lookups.channels.findMany({ protocol: 'maestrano' }, 1)).length === 0,
    async deliver(event) {
      for (const told of await toldBy(ports, event)) await deliver(ports, told);
    },
  };
}

async function deliver(ports: SharingPorts, { instanceId, collection, id }: Told): Promise<void> {
  const group = await findGroup(ports, instanceId);
  const shared = group?.collections.get(collection);
  if (group === undefined || shared === undefined || shared.direction === 'in') return;
  const state = await findSynchronization(ports.lookups, group);
  if (tells(state)) await pushRecord(ports, group, shared, id);
  // what is there comes first; everything that differs by then is told at the end of the run
  else if (state.run === '') await inUnit(ports, group, 'begin', (tx) => beginRun(tx, group));
}

async function toldBy(ports: SharingPorts, { type, aggregate, tenantId, payload }: PublishedEvent): Promise<Told[]> {
  const { lookups } = ports;
  const of = (collection: string, id: string) => (instanceId: string) => ({ instanceId, collection, id });
  if (type.startsWith('tenant.')) {
    const tenant = await lookups.tenants.find(aggregate.id);
    if (tenant === undefined) return [];
    const own = (await instancesOf(lookups, tenant.id)).map(of('company', tenant.id));
    if (tenant.parentId === '' || tenant.kind !== 'group') return own;
    return [...own, ...(await instancesOf(lookups, tenant.parentId)).map(of('organizations', tenant.id))];
  }
  if (type.startsWith('membership.')) {
    return (await instancesOf(lookups, tenantId)).map(of('people', String(payload.userId)));
  }
  if (type.startsWith('user.')) {
    const places = await lookups.memberships.findMany({ userId: aggregate.id, liveKey: '0' });
    const tenants = [...new Set(places.map((place) => place.tenantId))];
    const instances = await Promise.all(tenants.map((id) => instancesOf(lookups, id)));
    return instances.flat().map(of('people', aggregate.id));
  }
  const instances = await instancesOf(lookups, tenantId, String(payload.channelId));
  const placed = instances.filter((id) => payload.parentId === tenantId || payload.parentId === id);
  return placed.map(of(String(payload.kind), aggregate.id));
}

/** Live ones that some channel manages; which of them share anything is looked at with each. */
async function instancesOf(
  { instances }: MarketplacePorts['lookups'],
  tenantId: string,
  channelId?: string,
): Promise<string[]> {
  const found = await instances.findMany({ tenantId, terminatedAt: null });
  return found
    .filter((one) => one.channelId !== '' && (channelId === undefined || one.channelId === channelId))
    .map(({ id }) => id);
}
