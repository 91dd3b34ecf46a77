/** The two mutations by hand: the same reads, locks and rows in one transaction. */
import { inserting, selected } from './columns.mjs';
import { claim, keepAnswer, nextId, now, writeEvents, writeJournal } from './records.mjs';

const userText = inserting('users');
const spanText = inserting('active_spans');
const relyText = 'UPDATE `tenants` SET version = version + 1 WHERE id = ?';
const tenantText = `SELECT ${selected('tenants')} FROM \`tenants\` t WHERE t.id = ?`;
const lockUserText = `SELECT ${selected('users')} FROM \`users\` t WHERE t.id = ?`;
const membershipText = inserting('memberships');
const revocationText = inserting('revocations');
const readUserText =
  `SELECT ${selected('users', ['passwordHash', 'credentialVersion'])}, (t.password_hash IS NOT NULL) AS \`hasPassword\` ` +
  'FROM `users` t WHERE t.id IN (?)';
const readMembershipText = `SELECT ${selected('memberships')} FROM \`memberships\` t WHERE t.id IN (?)`;

const actor = ['client', 'bench', 'bench'];
const command = (name, at) => ({ at, actor, channelId: '', command: name, requestId: nextId('request'), reason: '' });

export async function createUser(sql, { input }) {
  const { givenName, familyName, locale, membership, idempotencyKey } = input;
  const { tenantId, roles } = membership;
  const userId = nextId('user');
  const membershipId = nextId('membership');
  await sql.transaction(async (tx) => {
    const at = now();
    const claimed = await claim(tx, { scope: 'client:bench', key: idempotencyKey, content: JSON.stringify(input), at });
    const user = [
      userId,
      1,
      at,
      givenName,
      familyName,
      `${givenName} ${familyName}`,
      locale,
      null,
      null,
      1,
      0,
      '[]',
      null,
    ];
    await tx.run(userText, user);
    await tx.run(spanText, [nextId('activeSpan'), 1, 'user', userId, at, null, '0']);
    await tx.run(relyText, [tenantId]);
    const [tenant] = await tx.all(tenantText, [tenantId]);
    if (tenant === undefined || tenant.terminatedAt !== null) throw new Error('no such tenant');
    await tx.all(lockUserText + tx.forUpdate, [userId]);
    const place = [
      membershipId,
      1,
      at,
      userId,
      tenantId,
      '',
      '',
      JSON.stringify(roles),
      '',
      '',
      '',
      '',
      '',
      '[]',
      null,
      '0',
    ];
    await tx.run(membershipText, place);
    await tx.run(spanText, [nextId('activeSpan'), 1, 'membership', membershipId, at, null, '0']);
    await tx.run(revocationText, [nextId('revocation'), at, 'user', userId, '[]']);
    await writeJournal(tx, command('identity.createUser', at), [
      ['', 'user', userId, null, user],
      [tenantId, 'membership', membershipId, null, place],
    ]);
    await writeEvents(tx, at, [
      ['user.created', 'user', userId, 1, '', { displayName: `${givenName} ${familyName}` }],
      ['membership.added', 'membership', membershipId, 1, tenantId, { userId, instanceId: '', roles }],
    ]);
    await keepAnswer(tx, claimed, { userId, membershipId });
  });
  const [[user]] = await Promise.all([sql.all(readUserText, [userId]), sql.all(readMembershipText, [membershipId])]);
  return `{"data":{"createUser":{"user":{"id":"${user.id}","displayName":${JSON.stringify(user.displayName)},"version":${user.version}}}}}`;
}

const typeText = `SELECT ${selected('license_types')} FROM \`license_types\` t WHERE t.id = ?`;
const memberText =
  `SELECT ${selected('memberships')} FROM \`memberships\` t WHERE t.\`user_id\` = ? AND t.\`tenant_id\` = ? ` +
  'AND t.`instance_id` = ? AND t.`live_key` = ? ORDER BY t.id LIMIT ?';
const lineageText =
  `SELECT ${selected('tenants')} FROM tenant_paths p JOIN tenants t ON t.id = p.ancestor_id ` +
  'WHERE p.descendant_id = ? ORDER BY p.depth';
const poolText =
  `SELECT ${selected('license_pools')} FROM \`license_pools\` t WHERE t.\`tenant_id\` = ? AND t.\`application_id\` = ? ` +
  'AND t.`license_type_id` = ? AND t.`instance_id` = ? ORDER BY t.id LIMIT ?';
const heldText =
  `SELECT ${selected('licenses')} FROM \`licenses\` t WHERE t.\`user_id\` = ? AND t.\`tenant_id\` = ? ` +
  'AND t.`application_id` = ? AND t.`license_type_id` = ? AND t.`instance_id` = ? AND t.`live_key` = ? ' +
  'ORDER BY t.id LIMIT ?';
const takeText = 'UPDATE license_pools SET used = used + ? WHERE id = ? AND (oversell = 1 OR used + ? <= quantity)';
const licenseText = inserting('licenses');
const readLicenseText = `SELECT ${selected('licenses')} FROM \`licenses\` t WHERE t.id IN (?)`;

export async function assignLicense(sql, { input }) {
  const { userId, tenantId, licenseTypeId, idempotencyKey } = input;
  const id = nextId('license');
  await sql.transaction(async (tx) => {
    const at = now();
    const claimed = await claim(tx, { scope: 'client:bench', key: idempotencyKey, content: JSON.stringify(input), at });
    await tx.run(relyText, [tenantId]);
    const [tenant] = await tx.all(tenantText, [tenantId]);
    const [type] = await tx.all(typeText, [licenseTypeId]);
    const [member] = await tx.all(memberText, [userId, tenantId, '', '0', '1']);
    if (tenant === undefined || type === undefined || member === undefined) throw new Error('not found');
    await tx.all(heldText, [userId, tenantId, type.applicationId, type.id, '', '0', '1']);
    await tx.all(lineageText, [tenantId]);
    const [pool] = await tx.all(poolText, [tenantId, type.applicationId, type.id, '', '1']);
    const { affectedRows, changes = affectedRows } = await tx.run(takeText, [1, pool.id, 1]);
    if (changes === 0) throw new Error('no seat');
    const license = [id, 1, pool.id, userId, tenantId, type.applicationId, type.id, '', at, null, '0'];
    await tx.run(licenseText, license);
    await writeJournal(tx, command('licensing.assignLicense', at), [[tenantId, 'license', id, null, license]]);
    const payload = { userId, applicationId: type.applicationId, licenseType: type.code, instanceId: '' };
    await writeEvents(tx, at, [['license.assigned', 'license', id, 1, tenantId, payload]]);
    await keepAnswer(tx, claimed, { id });
  });
  const [license] = await sql.all(readLicenseText, [id]);
  return (
    `{"data":{"assignLicense":{"__typename":"AssignLicenseSuccess","license":{"id":"${license.id}",` +
    `"version":${license.version},"assignedAt":"${license.assignedAt}"}}}}`
  );
}
