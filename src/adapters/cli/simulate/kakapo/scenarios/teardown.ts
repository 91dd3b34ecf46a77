import { expectEqual } from '../../check.js';
import { counterDifferences } from '../console.js';
import { type KakapoContext, type KakapoScenario, resellerOf } from '../context.js';
import { type Goods, goods, outOfStock, shownGoods } from '../license-goods.js';
import { look, lookAtPools } from '../looks.js';
import { hasExactly } from '../reads.js';

/** A user, a group and an enterprise are deleted; what they had goes back, and their ids are free. */
export const teardown: KakapoScenario = {
  about: 'a user, a group and an enterprise with everything below are deleted; licenses return, ids are free again',
  async run(context) {
    const place = placeOf(context);
    const before = await freeAtProvider(context, license);
    if (!(await build(context, place))) return;
    await deleteUser(context, place);
    await deleteGroup(context, place);
    await deleteReseller(context, place, before);
  },
};

const license = goods.desktop;

type Place = ReturnType<typeof placeOf>;

function placeOf(context: KakapoContext) {
  const { host: serverHostName } = context;
  const resellerId = resellerOf(context, 'down');
  const reseller = { serverHostName, resellerId };
  const user = (name: string) => ({ serverHostName, broadworksUserId: `${name}@${resellerId}.example` });
  return {
    reseller,
    sales: { ...reseller, groupId: `${resellerId}-sales` },
    support: { ...reseller, groupId: `${resellerId}-support` },
    ada: user('ada'),
    ben: user('ben'),
    cleo: user('cleo'),
    queueId: `${resellerId}-calls`,
  };
}

/** How many the provider has left; undefined where nobody may look. */
async function freeAtProvider({ console, host }: KakapoContext, wanted: Goods): Promise<number | undefined> {
  if (typeof console === 'string') return undefined;
  const [provider] = await console.poolsBelow(host, wanted);
  return provider?.free;
}

/** Two of the group’s licenses, one of the enterprise’s. Answers whether there were any. */
async function build(context: KakapoContext, place: Place): Promise<boolean> {
  const { unity } = context;
  const { reseller, sales, support, ada, ben, cleo, queueId } = place;
  await unity.call('Ada comes with enterprise and group', 'AddUserWithHierarchy', { ...sales, ...ada });
  await unity.call('Ben joins the group', 'AddUser', { ...sales, ...ben });
  await unity.call('Cleo comes with another group', 'AddUserWithHierarchy', { ...support, ...cleo });
  const buy = (quantity: number) => ({ ...license, quantity });
  const bought = await unity.call(
    'the enterprise buys 4',
    'AddResellerLicenseSubPurchase',
    { ...reseller, ...buy(4) },
    {
      unless: { refusal: outOfStock, because: `the provider has no ${shownGoods(license)}` },
    },
  );
  if (!bought) return false;
  await unity.call('the group gets 2 of them', 'AddGroupLicenseSubPurchase', { ...sales, ...buy(2) });
  for (const [name, user] of Object.entries({ Ada: ada, Ben: ben, Cleo: cleo })) {
    await unity.call(`${name} gets a license`, 'AddUserLicense', { ...user, ...license });
  }
  await unity.call('a queue in the group', 'AddQueue', { ...sales, queueId });
  await lookAtPools(context, 'GraphQL: two from the group, one from the enterprise', reseller.resellerId, license, [
    { of: reseller.resellerId, purchased: 4, assigned: 1, free: 1 },
    { of: sales.groupId, purchased: 2, assigned: 2, free: 0 },
  ]);
  return true;
}

async function deleteUser(context: KakapoContext, { reseller, sales, ada, ben }: Place): Promise<void> {
  const { unity } = context;
  await unity.call('Ada leaves', 'DeleteUser', ada);
  await unity.call('and is not found any more', 'DeleteUser', ada, { refusal: /not found/ });
  await unity.call('nor are licenses', 'GetUserLicenses', ada, { refusal: /not found/ });
  await unity.call('Ben is the group’s only user', 'GetUsers', sales, {
    check: hasExactly('users', 'User', 'broadworksUserId', [ben.broadworksUserId]),
  });
  await lookAtPools(context, 'GraphQL: the license is back in the group', reseller.resellerId, license, [
    { of: reseller.resellerId, purchased: 4, assigned: 1, free: 1 },
    { of: sales.groupId, purchased: 2, assigned: 1, free: 1 },
  ]);
  await unity.call('the id is free: another Ada joins', 'AddUser', { ...sales, ...ada });
  await unity.call('and has no license', 'GetUserLicenses', ada, {
    check: hasExactly('licenses', 'UserLicense', 'licenseType', []),
  });
}

async function deleteGroup(context: KakapoContext, place: Place): Promise<void> {
  const { unity } = context;
  const { reseller, sales, support, ben, queueId } = place;
  await unity.call('the group goes with its users', 'DeleteGroup', sales);
  await unity.call('Ben went with it', 'GetUserLicenses', ben, { refusal: /not found/ });
  await unity.call('the other group stays', 'GetGroups', reseller, {
    check: hasExactly('groups', 'Group', 'groupId', [support.groupId]),
  });
  await lookAtPools(context, 'GraphQL: its licenses are back in the enterprise', reseller.resellerId, license, [
    { of: reseller.resellerId, purchased: 4, assigned: 1, free: 3 },
  ]);
  await unity.call('the id is free: another group', 'AddGroup', sales);
  await unity.call('has no users', 'GetUsers', sales, { check: hasExactly('users', 'User', 'broadworksUserId', []) });
  await unity.call('and no queues', 'GetQueues', sales, { check: hasExactly('queues', 'Queue', 'queueId', []) });
  await unity.call('nor is the old one found', 'GetMediaStreams', { ...sales, queueId }, { refusal: /not found/ });
}

async function deleteReseller(context: KakapoContext, place: Place, before: number | undefined): Promise<void> {
  const { unity, host } = context;
  const { reseller, cleo } = place;
  let resellerId = '';
  await look(context, 'GraphQL knows the enterprise', async (console) => {
    resellerId = await console.objectIdOf('TENANT', reseller.resellerId);
    return { seen: resellerId };
  });
  await unity.call('the enterprise goes with everything below', 'DeleteReseller', reseller);
  await unity.call('and is not found any more', 'DeleteReseller', reseller, { refusal: /not found/ });
  await unity.call('nor are its groups', 'GetGroups', reseller, { refusal: /not found/ });
  await unity.call('nor its users', 'GetUserLicenses', cleo, { refusal: /not found/ });
  await look(context, 'GraphQL: all licenses are back at the provider', async (console) => {
    const levels = await console.poolsBelow(host, license);
    return {
      operation: 'GraphQL licensePoolTree',
      input: { provider: host },
      seen: `${levels[0]?.free} free`,
      differences: [...counterDifferences(levels), ...expectEqual('free', levels[0]?.free, before)],
    };
  });
  await look(context, 'GraphQL: what is left of it, and who did it', async ({ graphql }) => {
    const { tenant } = await graphql.query<{ tenant: ShownTenant }>(endedQuery, { id: resellerId });
    const deletions = tenant.journal.nodes.filter(({ command }) => command === 'kakapo.DeleteReseller');
    return {
      operation: 'GraphQL tenant',
      input: { id: resellerId },
      seen: `ended ${tenant.terminatedAt}; ${deletions.length} entries of kakapo.DeleteReseller by ${deletions[0]?.actorName}`,
      differences: [
        ...expectEqual('ended', tenant.terminatedAt !== null, true),
        ...expectEqual('who did it', deletions[0]?.actorName, context.userName),
      ],
    };
  });
  await unity.call('the id is free: another enterprise', 'AddReseller', reseller);
  await unity.call('is empty', 'GetGroups', reseller, { check: hasExactly('groups', 'Group', 'groupId', []) });
  await unity.call('and goes again', 'DeleteReseller', reseller);
}

const endedQuery = `query Simulated($id: ID!) {
  tenant(id: $id) { terminatedAt journal(first: 100) { nodes { command actorName } } }
}`;

interface ShownTenant {
  readonly terminatedAt: string | null;
  readonly journal: { readonly nodes: readonly { readonly command: string; readonly actorName: string }[] };
}
