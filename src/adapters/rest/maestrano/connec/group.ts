import type { Unit } from '../../../../core/repositories.js';
import type { Actor } from '../../../../core/shared/actor.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import { actorOf } from '../actor.js';
import { type Connection, connectionOf, servable } from '../connection.js';
import { type ConnecClient, createConnecClient } from './client.js';
import { type SharedCollection, type SharingPlace, sharedCollections } from './collections/index.js';
import type { IdSource } from './ids.js';

export type SharingPorts = Pick<
  MarketplacePorts,
  'uow' | 'lookups' | 'clock' | 'ids' | 'logger' | 'fetch' | 'record' | 'alarms' | 'publicUrl' | 'patienceMs'
>;

/** One group of one marketplace whose data is shared, with everything that takes part in it. */
export interface SharingGroup extends SharingPlace {
  readonly connection: Connection;
  readonly source: IdSource;
  readonly collections: ReadonlyMap<string, SharedCollection>;
  readonly client: ConnecClient;
  /** Acts in the name of the channel, within the tenant of this group and nowhere else. */
  readonly actor: Actor;
}

/** The group of an instance; undefined when it has ended, its channel is switched off, or its marketplace shares no data. */
export async function findGroup(ports: SharingPorts, instanceId: string): Promise<SharingGroup | undefined> {
  const { lookups } = ports;
  const instance = await lookups.instances.find(instanceId);
  if (instance === undefined || instance.terminatedAt !== null || instance.channelId === '') return undefined;
  const tenant = await lookups.tenants.find(instance.tenantId);
  const found = await lookups.channels.find(instance.channelId);
  const channel = found && servable(found);
  if (tenant === undefined || tenant.terminatedAt !== null || channel === undefined) return undefined;
  const connection = connectionOf(channel, ports.publicUrl);
  if (connection === undefined || connection.connec === null) return undefined;
  const { api, connec } = connection;
  const refs = await lookups.externalRefs.findMany({ targetId: instance.id, liveKey: '0' });
  const uid = refs.find(({ channelId, kind }) => channelId === channel.id && kind === 'instance')?.externalId;
  if (uid === undefined) return undefined;
  const { settings } = channel;
  return {
    channel,
    instance,
    tenant,
    uid,
    connection,
    source: { provider: settings.share.provider ?? settings.application, realm: instance.id },
    collections: sharedCollections(settings),
    client: createConnecClient(ports, channel.id, { api, connec }, uid),
    actor: { ...actorOf(channel, connection), tenantId: tenant.id },
  };
}

/** One unit of work in the name of the group's channel. */
export function inUnit<T>(
  ports: SharingPorts,
  group: SharingGroup,
  name: string,
  work: (tx: Unit) => Promise<T>,
): Promise<T> {
  const command = { name: `connec.${name}`, requestId: ports.ids.next('request'), channelId: group.channel.id };
  return ports.uow.run(group.actor, command, work);
}

/** Whether a reference to that collection is one we can follow. */
export function isSharedBy({ collections }: SharingGroup): (name: string) => boolean {
  return (name) => collections.has(name);
}
