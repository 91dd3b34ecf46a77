/** The hierarchy of the Kakapo channel: resellers with groups, each group with stock of its own, and users who hold nothing yet. */
import { unityHost } from './seed-file.mjs';
import { tables } from './tables.mjs';

const usersPerGroup = 100;
const groupsPerReseller = 10;
const seatsPerPool = 100_000;
/** A small run assigns as fast as a whole one. */
const fewestUsers = 10_000;

/** How many rows a run has whose usual tenants are so many. */
export function unitySizeOf(tenantCount) {
  const groups = Math.max(tenantCount * 10, fewestUsers) / usersPerGroup;
  return { tenants: 1 + groups + Math.ceil(groups / groupsPerReseller), users: groups * usersPerGroup, groups };
}

/** Answers what the scenarios and the ceiling need to know. */
export async function seedUnity({ database, ids, now, write, tenantCount }) {
  const provider = await providerOf(database);
  const types = await database.read.all(
    'SELECT t.id AS licenseTypeId, t.application_id AS applicationId, t.code AS code, a.natural_key AS application ' +
      "FROM license_types t JOIN applications a ON a.id = t.application_id WHERE a.natural_key LIKE 'Unity%'",
  );
  const refer = (kind, parentId, externalId, targetId) =>
    write(tables.externalRefs, {
      id: ids.next('externalRef'),
      version: 1,
      createdAt: now,
      channelId: provider.channelId,
      kind,
      parentId,
      externalId,
      targetId,
      liveKey: '0',
    });
  const addTenant = async (kind, name, lineage) => {
    const id = ids.next('tenant');
    await write(tables.tenants, {
      activated: true,
      holds: [],
      locked: false,
      pending: '',
      terminatedAt: null,
      id,
      version: 1,
      createdAt: now,
      key: null,
      kind,
      name,
      parentId: lineage[0],
      channelId: provider.channelId,
      country: '',
      timeZone: '',
      contact: {},
      properties: [],
      operatorReference: '',
      serviceLevelGroupId: '',
    });
    for (const [depth, ancestorId] of [id, ...lineage].entries()) {
      await write(tables.tenantPaths, { ancestorId, descendantId: id, depth });
    }
    await refer('tenant', lineage[0], name, id);
    return id;
  };
  const addUser = async (externalId, tenantId) => {
    const id = ids.next('user');
    const person = { givenName: '', familyName: '', locale: '' };
    await write(tables.users, {
      ...person,
      id,
      version: 1,
      createdAt: now,
      displayName: externalId,
      operatorLevel: null,
      passwordHash: null,
      credentialVersion: 1,
      mustChangePassword: false,
      holds: [],
      terminatedAt: null,
    });
    await write(tables.memberships, {
      ...person,
      id: ids.next('membership'),
      version: 1,
      createdAt: now,
      userId: id,
      tenantId,
      instanceId: '',
      channelId: provider.channelId,
      roles: ['MEMBER'],
      loginName: externalId,
      email: '',
      holds: [],
      terminatedAt: null,
      liveKey: '0',
    });
    await refer('user', provider.id, externalId, id);
  };

  const { groups } = unitySizeOf(tenantCount);
  const users = [];
  let resellerId = '';
  for (let at = 0; at < groups; at += 1) {
    const reseller = Math.floor(at / groupsPerReseller);
    if (at % groupsPerReseller === 0) {
      resellerId = await addTenant('reseller', `enterprise-${reseller}`, [provider.id]);
    }
    const groupId = await addTenant('group', `group-${at}`, [resellerId, provider.id]);
    for (const { applicationId, licenseTypeId } of types) {
      await write(tables.licensePools, {
        id: ids.next('licensePool'),
        version: 1,
        createdAt: now,
        tenantId: groupId,
        applicationId,
        licenseTypeId,
        instanceId: '',
        parentPoolId: '',
        quantity: seatsPerPool,
        used: 0,
        oversell: false,
      });
    }
    for (let place = 0; place < usersPerGroup; place += 1) {
      const externalId = `user-${place}@enterprise-${reseller}-${at}.example`;
      await addUser(externalId, groupId);
      users.push(externalId);
    }
  }
  return { ...provider, types, users };
}

async function providerOf(database) {
  const [row] = await database.read.all(
    `SELECT channel_id AS channelId, target_id AS id FROM external_refs WHERE kind = 'tenant' AND external_id = '${unityHost}'`,
  );
  return row;
}
