import {
  addChannelRecord,
  type ChannelRecord,
  endChannelRecord,
  findChannelRecord,
  updateChannelRecord,
} from '../../../../../core/marketplace/index.js';
import type { Unit } from '../../../../../core/repositories.js';
import type { MaestranoSettings } from '../../config.js';
import { type Fields, type JsonObject, valueAt, withValueAt } from '../paths.js';
import { renderPaths } from './built-in.js';
import type { SharedCollection, SharingPlace } from './collection.js';

type Declared = MaestranoSettings['share']['collections'][number];

/** What Connec! says about a record itself, which is not its content (spec Maestrano 1.8.2). */
const own: ReadonlySet<string> = new Set(['id', 'group_id', 'created_at', 'updated_at']);

/** Records of a collection the settings declare: channel records of that kind at the group's tenant. */
export function recordsOf(declared: Declared): SharedCollection {
  const { collection: name, direction, matchingFields } = declared;
  const shape = declared.fields === undefined ? asTheyAre : renamed(Object.entries(declared.fields));
  return {
    name,
    direction,
    singular: false,
    matchingFields,
    pick: shape.pick,
    render: shape.render,
    async toConnec(tx, place, id) {
      const record = await tx.channelRecords.find(id);
      if (record === undefined || !isOf(place, name, record)) return undefined;
      return { ownId: record.externalId, fields: shape.read(record.data) };
    },
    async list(tx, { channel, instance, tenant }) {
      const key = { channelId: channel.id, kind: name, liveKey: '0' };
      const found = [
        ...(await tx.channelRecords.findAll({ ...key, parentId: instance.id })),
        ...(await tx.channelRecords.findAll({ ...key, parentId: tenant.id })),
      ];
      return found.map(({ id }) => id).sort();
    },
    findOwn: async (tx, place, ownId) => (await findByExternalId(tx, place, name, ownId))?.id,
    match: async () => undefined,
    async create(tx, { channel, instance, tenant }, fields, connecId) {
      const place = { channelId: channel.id, tenantId: tenant.id, parentId: instance.id, kind: name };
      const record = { ...place, externalId: connecId, data: shape.write({}, fields) };
      return (await addChannelRecord(tx, record)).id;
    },
    async update(tx, _, id, fields) {
      const before = await tx.channelRecords.lock(id);
      if (before !== undefined) await updateChannelRecord(tx, { id, data: shape.write(before.data, fields) });
    },
    async merge(tx, place, otherId, connecId) {
      const other = await tx.channelRecords.find(otherId);
      if (other === undefined || !isOf(place, name, other) || other.externalId !== connecId) return false;
      await endChannelRecord(tx, { id: otherId });
      return true;
    },
  };
}

/** Records may stand below the instance, where those of Connec! are put, or below the tenant, where applications put theirs. */
async function findByExternalId(
  tx: Unit,
  place: SharingPlace,
  kind: string,
  externalId: string,
): Promise<ChannelRecord | undefined> {
  const { channel, instance, tenant } = place;
  const key = { channelId: channel.id, kind, externalId };
  const found =
    (await findChannelRecord(tx, { ...key, parentId: instance.id })) ??
    (await findChannelRecord(tx, { ...key, parentId: tenant.id }));
  return found !== undefined && isOf(place, kind, found) ? found : undefined;
}

function isOf({ channel, instance, tenant }: SharingPlace, kind: string, record: ChannelRecord): boolean {
  const { channelId, tenantId, parentId, endedAt } = record;
  const placed = parentId === instance.id || parentId === tenant.id;
  return channelId === channel.id && tenantId === tenant.id && record.kind === kind && placed && endedAt === null;
}

/** Between an entity of Connec! and the data of a record. */
interface Shape {
  pick(entity: JsonObject): Fields;
  render(fields: Fields): JsonObject;
  read(data: JsonObject): Fields;
  write(data: JsonObject, fields: Fields): JsonObject;
}

const asTheyAre: Shape = {
  pick: (entity) => new Map(Object.entries(entity).filter(([key]) => !own.has(key))),
  render: (fields) => Object.fromEntries(fields),
  read: (data) => new Map(Object.entries(data).filter(([key]) => !own.has(key))),
  write: (data, fields) => Object.fromEntries([...Object.entries(data), ...fields]),
};

/** Pairs of a path in the record here and one in theirs. */
function renamed(pairs: readonly (readonly [ours: string, theirs: string])[]): Shape {
  const said = (values: (readonly [string, unknown])[]): Fields =>
    new Map(values.filter(([, value]) => value !== undefined));
  return {
    pick: (entity) => said(pairs.map(([, theirs]) => [theirs, valueAt(entity, theirs)])),
    render: renderPaths,
    read: (data) => said(pairs.map(([ours, theirs]) => [theirs, valueAt(data, ours)])),
    write(data, fields) {
      const given = pairs.filter(([, theirs]) => fields.has(theirs));
      return given.reduce((changed, [ours, theirs]) => withValueAt(changed, ours, fields.get(theirs)), data);
    },
  };
}
