/** The three queries by hand: constant statements, JSON as a template that gets filled. */
import { selected } from './columns.mjs';

const marks = (count) => new Array(count).fill('?').join(',');

const tenantText = `SELECT ${selected('tenants')} FROM \`tenants\` t WHERE t.id IN (?)`;

const userColumns = `${selected('users', ['passwordHash', 'credentialVersion'])}, (t.password_hash IS NOT NULL) AS \`hasPassword\``;
const members =
  "JOIN memberships m ON m.user_id = t.id AND m.live_key = '0' AND NOT EXISTS (SELECT 1 FROM memberships d " +
  "WHERE d.user_id = m.user_id AND d.tenant_id = m.tenant_id AND d.live_key = '0' AND d.id < m.id)";
const usersText =
  `SELECT ${userColumns}, m.tenant_id AS \`tenantId\` FROM \`users\` t ${members} ` +
  'WHERE m.tenant_id = ? ORDER BY t.id ASC LIMIT ?';

const instancesText = `SELECT ${selected('instances')} FROM \`instances\` t WHERE t.\`tenant_id\` = ? ORDER BY t.id ASC LIMIT ?`;

const numbered = (table, order, count) =>
  `SELECT * FROM (SELECT ${selected(table)}, ROW_NUMBER() OVER (PARTITION BY t.\`instance_id\` ORDER BY t.id ${order}) AS place ` +
  `FROM \`${table}\` t WHERE t.\`instance_id\` IN (${marks(count)})) numbered WHERE place <= ? ORDER BY place`;
const subscriptionsText = numbered('subscriptions', 'DESC', 4);
const licensesText = numbered('licenses', 'ASC', 4);

const pageText = `SELECT ${selected('tenants')} FROM \`tenants\` t ORDER BY t.id ASC LIMIT ?`;
const counted = (table) =>
  `SELECT t.\`tenant_id\` AS parent, COUNT(*) AS total FROM \`${table}\` t ` +
  `WHERE t.\`tenant_id\` IN (${marks(64)}) GROUP BY t.\`tenant_id\``;
const instanceCounts = counted('instances');
const licenseCounts = counted('licenses');
const userCounts =
  `SELECT m.tenant_id AS parent, COUNT(*) AS total FROM \`users\` t ${members} ` +
  `WHERE m.tenant_id IN (${marks(64)}) GROUP BY m.tenant_id`;

const userText = `SELECT ${userColumns} FROM \`users\` t WHERE t.id IN (?)`;

const text = JSON.stringify;
const stateOf = (row) => (row.holds === '[]' && row.activated === 1 && row.locked === 0 ? 'ACTIVE' : 'INACTIVE');
const padded = (ids, size) => [...ids, ...new Array(size - ids.length).fill(ids.at(-1))];

export async function nested(sql, { id }) {
  const [tenant] = await sql.all(tenantText, [id]);
  const [users, instances] = await Promise.all([sql.all(usersText, [id, '21']), sql.all(instancesText, [id, '21'])]);
  const ids = padded(
    instances.map((instance) => instance.id),
    4,
  );
  const [subscriptions, licenses] = await Promise.all([
    sql.all(subscriptionsText, [...ids, 2]),
    sql.all(licensesText, [...ids, 21]),
  ]);
  const people = users
    .slice(0, 20)
    .map(
      (user) =>
        `{"id":"${user.id}","displayName":${text(user.displayName)},"givenName":${text(user.givenName)},` +
        `"familyName":${text(user.familyName)},"locale":${text(user.locale)},"createdAt":"${user.createdAt}"}`,
    );
  const places = instances.slice(0, 20).map((instance) => {
    const held = licenses
      .filter((license) => license.instanceId === instance.id)
      .map(
        ({ id, assignedAt, releasedAt }) =>
          `{"id":"${id}","assignedAt":"${assignedAt}","releasedAt":${text(releasedAt)}}`,
      );
    const agreed = subscriptions.find((subscription) => subscription.instanceId === instance.id);
    return (
      `{"id":"${instance.id}","name":${text(instance.name)},"createdAt":"${instance.createdAt}","state":"${stateOf(instance)}",` +
      `"licenses":{"nodes":[${held.join(',')}]},"subscription":{"id":"${agreed.id}","status":"${agreed.status}",` +
      `"startedAt":"${agreed.startedAt}","interval":"${agreed.interval.toUpperCase()}",` +
      `"price":{"amount":"${agreed.priceMinor}","currency":"${agreed.currency}"}}}`
    );
  });
  return (
    `{"data":{"tenant":{"id":"${tenant.id}","name":${text(tenant.name)},"country":"${tenant.country}",` +
    `"createdAt":"${tenant.createdAt}","state":"${stateOf(tenant)}","users":{"nodes":[${people.join(',')}]},` +
    `"instances":{"nodes":[${places.join(',')}]}}}}`
  );
}

export async function list(sql) {
  const tenants = (await sql.all(pageText, ['51'])).slice(0, 50);
  const ids = padded(
    tenants.map((tenant) => tenant.id),
    64,
  );
  const counts = await Promise.all(
    [userCounts, instanceCounts, licenseCounts].map((statement) => sql.all(statement, ids)),
  );
  const [users, instances, licenses] = counts.map((rows) => new Map(rows.map((row) => [row.parent, row.total])));
  const nodes = tenants.map(
    ({ id, name, kind, country, createdAt }) =>
      `{"id":"${id}","name":${text(name)},"kind":"${kind.toUpperCase()}","country":"${country}","createdAt":"${createdAt}",` +
      `"users":{"totalCount":${users.get(id) ?? 0}},"instances":{"totalCount":${instances.get(id) ?? 0}},` +
      `"licenses":{"totalCount":${licenses.get(id) ?? 0}}}`,
  );
  return `{"data":{"tenants":{"nodes":[${nodes.join(',')}]}}}`;
}

export async function single(sql, { id }) {
  const [user] = await sql.all(userText, [id]);
  return (
    `{"data":{"user":{"id":"${user.id}","version":${user.version},"createdAt":"${user.createdAt}",` +
    `"givenName":${text(user.givenName)},"familyName":${text(user.familyName)},"displayName":${text(user.displayName)},` +
    `"locale":${text(user.locale)}}}}`
  );
}
