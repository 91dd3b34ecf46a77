import { addChannelRecord, endChannelRecord, putChannelRecord } from '../../../src/core/marketplace/index.js';
import type { Actor } from '../../../src/core/shared/actor.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import { testDialects } from '../../support/mysql.js';
import { type KakapoHub, openKakapoHub, providerHost } from '../support/hub.js';
import type { Parameters, SoapCall } from '../support/soap.js';
import { done } from './support/done.js';

const at = { serverHostName: providerHost };
const ent = { ...at, resellerId: 'ent1' };
const grp = { ...ent, groupId: 'grp1' };
const types = ['WebChat', 'Callback', 'IMAP', 'SMS', 'Twitter', 'Facebook'];

describe.each(await testDialects())('queues and media streams on %s', (dialect) => {
  let hub: KakapoHub;
  let soap: SoapCall;

  beforeAll(async () => {
    hub = await openKakapoHub(dialect);
    soap = hub.soap();
    for (const [operation, parameters] of [
      ['AddReseller', ent],
      ['AddReseller', { ...at, resellerId: 'ent2' }],
      ['AddGroup', grp],
      ['AddGroup', { ...ent, groupId: 'grp2' }],
    ] as const) {
      expect(await done(soap(operation, parameters))).toBe('done');
    }
  });
  afterAll(() => hub.close());

  let made = 0;
  const newId = () => {
    made += 1;
    return `queue-${made}`;
  };
  const call = (operation: string, parameters: Parameters) => done(soap(operation, parameters));
  const queuesAt = async (where: Parameters) => (await soap('GetQueues', where)).items;
  const streamsOf = async (where: Parameters) => (await soap('GetMediaStreams', where)).items;
  const recordsOf = (externalId: string) =>
    hub.model((tx) => tx.channelRecords.findMany({ channelId: hub.channelId(), kind: 'queue', externalId }));

  it.each([
    ['reseller', ent, grp],
    ['group', grp, ent],
  ])('a queue stands at its %s and nowhere else', async (_, where, elsewhere) => {
    const queueId = newId();
    expect(await call('AddQueue', { ...where, queueId, queueName: 'Sales, día' })).toBe('done');
    const { serverHostName: __, ...place } = where;
    expect(await queuesAt(where)).toContainEqual({ ...place, queueId, queueName: 'Sales, día' });
    expect((await queuesAt(elsewhere)).map((item) => item.queueId)).not.toContain(queueId);
    expect(await call('AddMediaStream', { ...elsewhere, queueId, mediaStreamType: 'SMS' })).toBe(
      `Queue '${queueId}' was not found`,
    );
    // the same id at the other level is another queue
    expect(await call('AddQueue', { ...elsewhere, queueId })).toBe('done');
    expect(await queuesAt(elsewhere)).toContainEqual(expect.not.objectContaining({ queueName: expect.anything() }));
  });

  it.each([
    ["Reseller 'ent9' was not found", { resellerId: 'ent9' }],
    ["Group 'grp9' was not found", { groupId: 'grp9' }],
    ["Group 'grp1' was not found", { resellerId: 'ent2', groupId: 'grp1' }],
    ["System provider 'nowhere' was not found", { serverHostName: 'nowhere' }],
    [/resellerId/, { resellerId: '' }],
    [/queueId/, { queueId: ' ' }],
    [/^queueId must not start or end with a blank/, { queueId: ' outer' }],
    [/^queueId must not be longer than 255/, { queueId: 'q'.repeat(256) }],
    [/^queueName must not be longer than 200/, { queueName: 'q'.repeat(201) }],
  ])('no queue: %s', async (text, wrong) => {
    const before = await hub.model((tx) => tx.channelRecords.count({ kind: 'queue' }));
    expect(await call('AddQueue', { ...ent, queueId: newId(), ...wrong })).toMatch(text);
    expect(await hub.model((tx) => tx.channelRecords.count({ kind: 'queue' }))).toBe(before);
  });

  it('exists once, is deleted once, and its id may be used again', async () => {
    const queueId = newId();
    const add = () => call('AddQueue', { ...grp, queueId });
    const end = () => call('DeleteQueue', { ...grp, queueId });
    expect(await end()).toBe(`Queue '${queueId}' was not found`);
    expect(await add()).toBe('done');
    expect(await add()).toBe(`Queue '${queueId}' already exists`);
    expect(await call('DeleteQueue', { ...ent, queueId })).toBe(`Queue '${queueId}' was not found`);
    expect(await call('DeleteQueue', { ...grp, queueId: `${queueId} ` })).toBe(`Queue '${queueId} ' was not found`);
    expect(await end()).toBe('done');
    expect(await end()).toBe(`Queue '${queueId}' was not found`);
    expect(await add()).toBe('done');
    const records = await recordsOf(queueId);
    expect(records.map(({ id, liveKey, endedAt }) => [liveKey === id, endedAt === null])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('of many calls at once for one queue one makes it', async () => {
    const queueId = newId();
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => call('AddQueue', { ...ent, queueId })));
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['done', `Queue '${queueId}' already exists`]));
  });

  it.each(types)('media stream %s: in any case, kept as the table has it', async (type) => {
    const queue = { ...grp, queueId: newId() };
    await call('AddQueue', queue);
    expect(await call('AddMediaStream', { ...queue, mediaStreamType: type.toUpperCase(), mediaStreamName: 'x' })).toBe(
      'done',
    );
    const stream = `Media stream ${type} of queue '${queue.queueId}'`;
    expect(await call('AddMediaStream', { ...queue, mediaStreamType: type.toLowerCase() })).toBe(
      `${stream} already exists`,
    );
    expect(await streamsOf(queue)).toEqual([{ queueId: queue.queueId, mediaStreamType: type, mediaStreamName: 'x' }]);
    expect(await call('DeleteMediaStream', { ...queue, mediaStreamType: type.toLowerCase() })).toBe('done');
    expect(await call('DeleteMediaStream', { ...queue, mediaStreamType: type })).toBe(`${stream} was not found`);
    expect(await streamsOf(queue)).toEqual([]);
    expect(await call('AddMediaStream', { ...queue, mediaStreamType: type })).toBe('done');
  });

  it.each([
    [`mediaStreamType 'Fax' is not one of ${types.join(', ')}`, { mediaStreamType: 'Fax' }],
    [/mediaStreamType/, { mediaStreamType: '' }],
    ["Queue 'nowhere' was not found", { queueId: 'nowhere' }],
    ["Group 'grp9' was not found", { groupId: 'grp9' }],
    [/^mediaStreamName must not/, { mediaStreamName: 'q'.repeat(201) }],
  ])('no media stream: %s', async (text, wrong) => {
    const queue = { ...grp, queueId: newId() };
    await call('AddQueue', queue);
    expect(await call('AddMediaStream', { ...queue, mediaStreamType: 'SMS', ...wrong })).toMatch(text);
    expect(await streamsOf(queue)).toEqual([]);
    if ('mediaStreamName' in wrong) return;
    expect(await call('DeleteMediaStream', { ...queue, mediaStreamType: 'SMS', ...wrong })).toMatch(text);
  });

  it('a deleted queue takes its media streams along, and only its own', async () => {
    const [queue, other] = [
      { ...ent, queueId: newId() },
      { ...ent, queueId: newId() },
    ];
    for (const one of [queue, other]) {
      await call('AddQueue', one);
      await call('AddMediaStream', { ...one, mediaStreamType: 'SMS' });
      await call('AddMediaStream', { ...one, mediaStreamType: 'IMAP' });
    }
    expect(await call('DeleteQueue', queue)).toBe('done');
    expect(await call('GetMediaStreams', queue)).toBe(`Queue '${queue.queueId}' was not found`);
    expect(await streamsOf(other)).toHaveLength(2);
    await call('AddQueue', queue);
    expect(await streamsOf(queue)).toEqual([]);
    const [ended] = await recordsOf(queue.queueId);
    expect(await hub.model((tx) => tx.channelRecords.count({ parentId: ended!.id, liveKey: '0' }))).toBe(0);
  });

  it('no media stream outlives a queue that is deleted at the same moment', async () => {
    const queue = { ...ent, queueId: newId() };
    await call('AddQueue', queue);
    const [record] = await recordsOf(queue.queueId);
    const adding = types.map((mediaStreamType) => call('AddMediaStream', { ...queue, mediaStreamType }));
    const outcomes = await Promise.all([call('DeleteQueue', queue), ...adding]);
    expect(outcomes[0]).toBe('done');
    const allowed = ['done', `Queue '${queue.queueId}' was not found`];
    expect(outcomes.filter((one) => !allowed.includes(one))).toEqual([]);
    expect(await hub.model((tx) => tx.channelRecords.count({ parentId: record!.id, liveKey: '0' }))).toBe(0);
  });

  it('a group’s queues are gone with it, and a new group of the same id has none', async () => {
    const group = { ...ent, groupId: 'passing' };
    const queue = { ...group, queueId: newId() };
    await call('AddGroup', group);
    await call('AddQueue', queue);
    await call('AddMediaStream', { ...queue, mediaStreamType: 'SMS' });
    expect(await call('DeleteGroup', group)).toBe('done');
    expect(await call('GetQueues', group)).toBe("Group 'passing' was not found");
    expect(await call('DeleteQueue', queue)).toBe("Group 'passing' was not found");
    await call('AddGroup', group);
    expect(await queuesAt(group)).toEqual([]);
    expect(await call('AddQueue', queue)).toBe('done');
    expect(await streamsOf(queue)).toEqual([]);
  });

  describe('as records', () => {
    const account = (tenantId: string | null): Actor => ({
      kind: 'serviceAccount',
      serviceAccountId: 'sac_1',
      username: 'api',
      channelId: hub.channelId(),
      tenantId,
      level: null,
    });

    it('are their tenant’s: seen and ended by whoever administers it, and in its journal', async () => {
      const queueId = newId();
      await call('AddQueue', { ...grp, queueId });
      const [record] = await recordsOf(queueId);
      const admin = (tenantId: string): Actor => ({
        kind: 'user',
        userId: 'usr_1',
        name: 'Mina',
        ceiling: 1000,
        grants: [{ tenantId, roles: ['ADMIN'] }],
      });
      const stranger = await hub.model((tx) => createTenant(tx, { kind: 'provider', name: 'Stranger' }));
      const { readers } = hub.persistence;
      expect(await readers.channelRecords.byIds(admin(record!.tenantId), [record!.id])).toMatchObject([
        { externalId: queueId },
      ]);
      expect(await readers.channelRecords.byIds(admin(hub.providerId), [record!.id])).toMatchObject([
        { externalId: queueId },
      ]);
      expect(await readers.channelRecords.byIds(admin(stranger.id), [record!.id])).toEqual([null]);
      expect(await readers.journal.count(admin(record!.tenantId), { objectId: { eq: record!.id } })).toBe(1);
      const end = (actor: Actor, expectedVersion?: number) =>
        hub.model((tx) => endChannelRecord(tx, { id: record!.id, ...(expectedVersion && { expectedVersion }) }), actor);
      await expect(end(admin(stranger.id))).rejects.toMatchObject({ code: 'not_found' });
      await expect(end(admin(record!.tenantId), 7)).rejects.toMatchObject({ code: 'version_conflict' });
      expect((await end(admin(record!.tenantId))).endedAt).not.toBeNull();
      expect(await call('DeleteQueue', { ...grp, queueId })).toMatch('was not found');
      expect((await end(admin(record!.tenantId))).version).toBe(2); // again: nothing changes
    });

    it('a protocol’s own bookkeeping is ended by nobody', async () => {
      const key = { channelId: hub.channelId(), kind: 'own', parentId: '', externalId: newId() };
      const { id } = await hub.model((tx) => putChannelRecord(tx, key, { a: 1 }));
      await expect(hub.model((tx) => endChannelRecord(tx, { id }))).rejects.toMatchObject({ code: 'forbidden' });
      await expect(hub.model((tx) => endChannelRecord(tx, { id }), account(hub.providerId))).rejects.toMatchObject({
        code: 'not_found',
      });
      expect((await hub.model((tx) => putChannelRecord(tx, key, { a: 2 }))).id).toBe(id);
    });

    it('are added at live tenants in reach only, for a channel of one’s own, below live records of the same tenant', async () => {
      const [group, stranger] = await hub.model(async (tx) => [
        (await tx.channelRecords.findMany({ kind: 'queue', endedAt: null })).find((one) => one.tenantId !== '')!
          .tenantId,
        (await createTenant(tx, { kind: 'provider', name: 'Stranger', channelId: hub.channelId() })).id,
      ]);
      const record = { channelId: hub.channelId(), kind: 'queue', tenantId: group, externalId: newId(), data: {} };
      const add = (change: object, actor = account(hub.providerId)) =>
        hub.model((tx) => addChannelRecord(tx, { ...record, ...change }), actor);
      await expect(add({ tenantId: stranger })).rejects.toMatchObject({ code: 'not_found' });
      await expect(add({ channelId: 'chn_other' })).rejects.toMatchObject({ code: 'forbidden' });
      await expect(add({ externalId: '' })).rejects.toMatchObject({ code: 'invalid_value' });
      const parent = await add({});
      await expect(add({ tenantId: stranger, parentId: parent.id }, account(null))).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(add({})).rejects.toMatchObject({ code: 'already_exists' });
      const child = await add({ kind: 'mediaStream', parentId: parent.id });
      await hub.model((tx) => endChannelRecord(tx, { id: parent.id }));
      expect((await hub.model((tx) => tx.channelRecords.find(child.id)))!.endedAt).not.toBeNull();
      await expect(add({ kind: 'mediaStream', parentId: parent.id })).rejects.toMatchObject({ code: 'not_found' });
    });
  });
});
