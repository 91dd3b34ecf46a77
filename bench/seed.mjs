/** Realistic rows in bulk, through the hub's own table definitions: what the schema is, is said in one place only. */

import { createStorage } from '../dist/src/persistence/rows/stored-table.js';
import { openDatabase } from '../dist/src/persistence/sql/open-database.js';
import { usageRecords } from '../dist/src/persistence/tables/usage.js';
import { systemClock } from '../dist/src/platform/clock.js';
import { createIds } from '../dist/src/platform/ids.js';
import { seedUnity, unitySizeOf } from './seed-unity.mjs';
import { seedUsage } from './seed-usage.mjs';
import { tables } from './tables.mjs';

const seatsPerPool = 100_000;
/** Most customers: 3 realms with 2 seats each, 40 people. */
const usual = { instances: 3, users: 40, usersPerInstance: 2 };
/** A few whose one realm is what a marketplace reads in lists. */
const large = { instances: 1, users: 50, usersPerInstance: 50 };
const largeTenants = 20;

/** How many rows a run has that begins with so many usual tenants. */
export function sizeOf(tenants) {
  const count = (of) => tenants * of(usual) + largeTenants * of(large);
  const instances = count((shape) => shape.instances);
  const unity = unitySizeOf(tenants);
  return {
    tenants: count(() => 1) + unity.tenants,
    users: count((shape) => shape.users) + unity.users,
    instances,
    licenses: count((shape) => shape.instances * shape.usersPerInstance),
    subscriptions: instances,
  };
}
const rowsPerStatement = 200;

const live = { activated: true, holds: [], locked: false, pending: '', terminatedAt: null };
const givenNames = ['Mina', 'Theo', 'Aiko', 'Luis', 'Noor', 'Elsa', 'Jun', 'Omar', 'Ines', 'Petra'];
const familyNames = [
  'Sato',
  'Roux',
  'Tanaka',
  'Silva',
  'Haddad',
  'Berg',
  'Mori',
  'Khan',
  'Costa',
  'Novak',
  'Lindqvist',
];

/**
 * Fills the database and says what can be asked for. 2,000 tenants with 40 users and 3 instances each, an instance with 2
 * seats held and a subscription, and 20 with one instance of 50 users; the NEC channel manages all of it under its own ids.
 * @returns {Promise<object>} the world the scenarios ask about; it survives JSON.
 */
export async function seed(databaseUrl, { tenants: tenantCount, onProgress }) {
  const database = await openDatabase(databaseUrl, 2);
  try {
    const clock = systemClock();
    const ids = createIds(clock);
    const write = bulkWriter(database);
    const found = await configured(database);
    const world = { ...found, tenants: [], large: [], providers: [] };
    const add = (at, shape) => seedTenant({ at, shape, ids, now: clock.now(), write, ...found });
    for (let at = 0; at < tenantCount; at += 1) {
      world.tenants.push(await add(at, usual));
      if (at % 50 === 49) onProgress(at + 1, tenantCount);
    }
    for (let at = 0; at < largeTenants; at += 1) world.large.push(await add(tenantCount + at, large));
    for (let at = 0; at < tenantCount / 4; at += 1) {
      world.providers.push(await seedProvider({ at, ids, now: clock.now(), write, channelId: found.prmChannelId }));
    }
    world.unity = await seedUnity({ database, ids, now: clock.now(), write, tenantCount });
    await write.flush();
    world.usageInstants = await seedUsage(database, ids, found.prmChannelId);
    if (database.dialect === 'mysql') {
      for (const table of [...Object.values(tables), usageRecords])
        await database.read.all(`ANALYZE TABLE ${table.name}`);
    }
    return world;
  } finally {
    await database.close();
  }
}

/** The ids of what the seed file made. */
async function configured(database) {
  const one = async (text) => (await database.read.all(text))[0].id;
  return {
    channelId: await one("SELECT id FROM channels WHERE protocol = 'nec'"),
    prmChannelId: await one("SELECT id FROM channels WHERE protocol = 'prm'"),
    applicationId: await one("SELECT id FROM applications WHERE natural_key = 'crm'"),
    planId: await one('SELECT id FROM plans'),
    licenseTypeId: await one(
      "SELECT id FROM license_types WHERE code = 'Standard' AND application_id = (SELECT id FROM applications WHERE natural_key = 'crm')",
    ),
  };
}

async function seedTenant({ at, shape, ids, now, write, channelId, applicationId, planId, licenseTypeId }) {
  const next = (kind) => ids.next(kind);
  const number = String(at).padStart(4, '0');
  const tenant = { id: next('tenant'), externalId: `cust-${number}`, users: [], instances: [] };
  await write(tables.tenants, {
    ...live,
    id: tenant.id,
    version: 1,
    createdAt: now,
    key: null,
    kind: 'customer',
    name: `Customer ${number} ${familyNames[at % familyNames.length]} & Partners`,
    parentId: '',
    channelId,
    country: ['JP', 'FR', 'DE', 'ES'][at % 4],
    timeZone: 'Europe/Paris',
    contact: { name: `${givenNames[at % givenNames.length]} Office`, email: `office@c${number}.example` },
    properties: [],
    operatorReference: '',
    serviceLevelGroupId: '',
  });
  await write(tables.tenantPaths, { ancestorId: tenant.id, descendantId: tenant.id, depth: 0 });
  const refer = (kind, parentId, externalId, targetId) =>
    write(tables.externalRefs, {
      id: next('externalRef'),
      version: 1,
      createdAt: now,
      channelId,
      kind,
      parentId,
      externalId,
      targetId,
      liveKey: '0',
    });
  await refer('tenant', '', tenant.externalId, tenant.id);

  for (let place = 0; place < shape.instances; place += 1) {
    const instance = {
      id: next('instance'),
      externalId: `realm-${number}-${place}`,
      poolId: next('licensePool'),
      users: [],
    };
    await write(tables.instances, {
      ...live,
      id: instance.id,
      version: 1,
      createdAt: now,
      key: null,
      tenantId: tenant.id,
      applicationId,
      channelId,
      name: `Orchid CRM ${number}-${place}`,
      accessUrl: '',
      parameters: { region: 'eu', theme: `t${place}` },
      configuredAt: now,
      description: '',
      properties: [],
      operatorReference: '',
    });
    await refer('instance', '', instance.externalId, instance.id);
    await write(tables.licensePools, {
      id: instance.poolId,
      version: 1,
      createdAt: now,
      tenantId: tenant.id,
      applicationId,
      licenseTypeId,
      instanceId: instance.id,
      parentPoolId: '',
      quantity: seatsPerPool,
      used: shape.usersPerInstance,
      oversell: false,
    });
    await write(tables.subscriptions, {
      id: next('subscription'),
      version: 1,
      createdAt: now,
      tenantId: tenant.id,
      applicationId,
      instanceId: instance.id,
      planId,
      channelId,
      status: 'ACTIVE',
      startedAt: now,
      trialEndsAt: null,
      endsAt: null,
      endedAt: null,
      priceMinor: 1_500n,
      currency: 'EUR',
      interval: 'month',
      seats: 'perSeat',
    });
    tenant.instances.push(instance);
  }
  await write(tables.licensePools, {
    id: next('licensePool'),
    version: 1,
    createdAt: now,
    tenantId: tenant.id,
    applicationId,
    licenseTypeId,
    instanceId: '',
    parentPoolId: '',
    quantity: seatsPerPool,
    used: 0,
    oversell: false,
  });

  for (let place = 0; place < shape.users; place += 1) {
    const instance = tenant.instances[Math.floor(place / shape.usersPerInstance)];
    const user = { id: next('user'), membershipId: next('membership') };
    const givenName = givenNames[(at + place) % givenNames.length];
    const familyName = familyNames[(at * 7 + place) % familyNames.length];
    const email = `${givenName.toLowerCase()}.${place}@c${number}.example`;
    const person = { givenName, familyName, locale: 'en' };
    await write(tables.users, {
      ...person,
      id: user.id,
      version: 1,
      createdAt: now,
      displayName: `${givenName} ${familyName}`,
      operatorLevel: null,
      passwordHash: null,
      credentialVersion: 1,
      mustChangePassword: false,
      holds: [],
      terminatedAt: null,
    });
    await write(tables.userEmails, {
      id: next('userEmail'),
      version: 1,
      userId: user.id,
      email,
      emailKey: email,
      verifiedKey: email,
      primary: true,
    });
    await write(tables.memberships, {
      ...person,
      id: user.membershipId,
      version: 1,
      createdAt: now,
      userId: user.id,
      tenantId: tenant.id,
      instanceId: instance?.id ?? '',
      channelId: instance === undefined ? '' : channelId,
      roles: [place === 0 ? 'ADMIN' : 'MEMBER'],
      loginName: email,
      email,
      holds: [],
      terminatedAt: null,
      liveKey: '0',
    });
    if (instance !== undefined) {
      user.externalId = `user-${place}`;
      await refer('user', instance.id, user.externalId, user.id);
      await write(tables.licenses, {
        id: next('license'),
        version: 1,
        poolId: instance.poolId,
        userId: user.id,
        tenantId: tenant.id,
        applicationId,
        licenseTypeId,
        instanceId: instance.id,
        assignedAt: now,
        releasedAt: null,
        liveKey: '0',
      });
      instance.users.push(user);
    } else tenant.users.push(user);
  }
  return tenant;
}

const applicationsPerProvider = 5;

/** A service provider on the PRM channel with a few application accounts, under the channel's ids. */
async function seedProvider({ at, ids, now, write, channelId }) {
  const row = {
    ...live,
    version: 1,
    createdAt: now,
    channelId,
    properties: [],
    operatorReference: '',
    serviceLevelGroupId: '',
  };
  const refer = (kind, parentId, externalId, targetId) =>
    write(tables.externalRefs, {
      id: ids.next('externalRef'),
      version: 1,
      createdAt: now,
      channelId,
      kind,
      parentId,
      externalId,
      targetId,
      liveKey: '0',
    });
  const provider = { externalId: `sp-${String(at).padStart(4, '0')}`, applications: [] };
  const id = ids.next('tenant');
  await write(tables.tenants, {
    ...row,
    id,
    key: null,
    kind: 'reseller',
    name: `${familyNames[at % familyNames.length]} Software`,
    parentId: '',
    country: '',
    timeZone: '',
    contact: { email: `desk@p${at}.example` },
  });
  await write(tables.tenantPaths, { ancestorId: id, descendantId: id, depth: 0 });
  await refer('tenant', '', provider.externalId, id);
  for (let place = 0; place < applicationsPerProvider; place += 1) {
    const externalId = `app-${place}`;
    const applicationId = ids.next('application');
    await write(tables.applications, {
      ...row,
      id: applicationId,
      ownerTenantId: id,
      key: externalId,
      name: `Application ${place}`,
      description: '',
      accessUrl: '',
      loginUrl: '',
      logoutUrl: '',
      liveKey: '0',
    });
    await refer('application', id, externalId, applicationId);
    provider.applications.push(externalId);
  }
  return provider;
}

/** Collects rows per table and writes them many at a time. */
function bulkWriter(database) {
  const storage = createStorage(database.dialect, {});
  const waiting = new Map();
  const send = (table, rows) => {
    const { codec, statements } = storage(table);
    const values = rows.flatMap((row) => table.fields.map((field) => codec.encode(field, row[field])));
    return database.execute(statements.insertMany(rows.length), values);
  };
  const write = async (table, row) => {
    const rows = waiting.get(table) ?? [];
    waiting.set(table, rows);
    rows.push(row);
    if (rows.length === rowsPerStatement) await send(table, rows.splice(0));
  };
  write.flush = async () => {
    for (const [table, rows] of waiting) if (rows.length > 0) await send(table, rows.splice(0));
  };
  return write;
}
