import { actorOf } from '../actor.js';
import { json, type MaestranoAnswer, type MaestranoCall } from '../call.js';
import { liveInstances } from '../live-instance.js';
import { sharedCollections } from './collections/index.js';
import { readId } from './ids.js';
import { queueRecords } from './notification-task.js';
import { deepestRecord, isObject, isShallow, type JsonObject } from './paths.js';
import type { Incoming } from './take-over.js';

/**
 * What Connec! tells about records that changed there (spec Maestrano 1.8.4): answered as soon as it is stored. What nobody here
 * shares is skipped and counted in the log.
 */
export async function notificationsHandler(call: MaestranoCall): Promise<MaestranoAnswer> {
  const message = parse(call.body);
  if (message === undefined) return json(400, { error: 'the body is not a JSON object' });
  const { ports, channel, info } = call;
  const collections = sharedCollections(channel.settings);
  const told = new Map<string, Incoming[]>();
  const skipped = { collections: 0, entities: 0, groups: 0 };
  for (const [collection, value] of Object.entries(message)) {
    const shared = collections.get(collection);
    if (shared === undefined || shared.direction === 'out' || typeof value !== 'object' || value === null) {
      skipped.collections += 1;
      continue;
    }
    for (const entity of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const uid = isRecord(entity) ? entity.group_id : undefined;
      if (!isRecord(entity) || typeof uid !== 'string' || uid === '' || uid.length > 255) {
        skipped.entities += 1;
        continue;
      }
      const ofGroup = told.get(uid) ?? [];
      ofGroup.push({ collection, entity });
      told.set(uid, ofGroup);
    }
  }
  skipped.groups = await store(call, told);
  if (skipped.collections + skipped.entities + skipped.groups > 0) {
    ports.logger.info(
      { channel: channel.name, requestId: info.requestId, skipped },
      'a notification of Connec! was skipped in part',
    );
  }
  return json(200, { success: true });
}

/** Queues what belongs to a group that is here. How many entities belong to none. */
async function store(
  { ports, channel, connection, info }: MaestranoCall,
  told: ReadonlyMap<string, readonly Incoming[]>,
): Promise<number> {
  if (told.size === 0) return 0;
  const command = { name: 'connec.notify', requestId: info.requestId, channelId: channel.id, address: info.address };
  return ports.uow.run(actorOf(channel, connection!), command, async (tx) => {
    const instances = await liveInstances(tx, channel.id, [...told.keys()]);
    let unknown = 0;
    for (const [uid, incoming] of told) {
      const instanceId = instances.get(uid);
      if (instanceId === undefined) unknown += incoming.length;
      else await queueRecords(tx, { channelId: channel.id, instanceId }, incoming);
    }
    return unknown;
  });
}

function isRecord(entity: unknown): entity is JsonObject {
  if (!isObject(entity) || !isShallow(entity, deepestRecord)) return false;
  return readId(entity.id, { provider: '', realm: '' }).connec !== undefined;
}

function parse(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
