import { expectEqual } from '../../check.js';
import { type KakapoContext, type KakapoScenario, resellerOf } from '../context.js';
import { goods, outOfStock, shownGoods } from '../license-goods.js';
import { look, lookAtPools } from '../looks.js';
import { has, hasExactly, hasStock } from '../reads.js';
import { bindings } from '../unity-client.js';

/** An enterprise comes with its first user, buys, and gets its administrators and its contact center. */
export const onboarding: KakapoScenario = {
  about: 'an enterprise with a group and a user; sub-purchases and licenses; a portal user who is an agent; a queue',
  async run(context) {
    const place = placeOf(context);
    await addUser(context, place);
    await addTwice(context, place);
    const bought = await purchase(context, place);
    if (bought) await assign(context, place);
    await callInEveryWay(context, place);
    await addAgent(context, place);
    await addQueue(context, place);
  },
};

interface Place {
  readonly reseller: { readonly serverHostName: string; readonly resellerId: string };
  readonly group: { readonly serverHostName: string; readonly resellerId: string; readonly groupId: string };
  readonly user: { readonly serverHostName: string; readonly broadworksUserId: string };
}

function placeOf(context: KakapoContext): Place {
  const { host: serverHostName } = context;
  const resellerId = resellerOf(context, 'on');
  const reseller = { serverHostName, resellerId };
  return {
    reseller,
    group: { ...reseller, groupId: `${resellerId}-sales` },
    user: { serverHostName, broadworksUserId: `ada@${resellerId}.example` },
  };
}

async function addUser(context: KakapoContext, { reseller, group, user }: Place): Promise<void> {
  const { unity, host } = context;
  await unity.call(
    'the system provider is there',
    'GetSystemProviders',
    {},
    {
      check: has('systemProviders', 'SystemProvider', { serverHostName: host }),
    },
  );
  await unity.call('a group of an enterprise that is not there yet is refused', 'AddGroup', group, {
    refusal: new RegExp(`${reseller.resellerId}.*not found`),
  });
  await unity.call('a user comes with its group and enterprise', 'AddUserWithHierarchy', {
    ...group,
    ...user,
    resellerName: 'Northwind',
    groupName: 'Sales',
    userName: 'Ada Lovelace',
  });
  await look(context, 'GraphQL has all three', async (console) => {
    const tenantId = await console.objectIdOf('TENANT', group.groupId);
    const { tenant } = await console.graphql.query<{ tenant: ShownGroup }>(groupQuery, { id: tenantId });
    const [member] = tenant.memberships.nodes;
    return {
      operation: 'GraphQL tenant',
      input: { id: tenantId },
      seen: `${tenant.parent.kind} ${tenant.parent.name} › ${tenant.kind} ${tenant.name} › ${member?.loginName}`,
      differences: [
        ...expectEqual('the group', `${tenant.kind} ${tenant.name}`, 'GROUP Sales'),
        ...expectEqual('above it', `${tenant.parent.kind} ${tenant.parent.name}`, 'RESELLER Northwind'),
        ...expectEqual('members', tenant.memberships.nodes.length, 1),
        ...expectEqual('the member', member?.loginName, user.broadworksUserId),
      ],
    };
  });
}

const groupQuery = `query Simulated($id: ID!) {
  tenant(id: $id) {
    kind name
    parent { kind name }
    memberships(first: 5) { nodes { loginName roles } }
  }
}`;

interface ShownGroup {
  readonly kind: string;
  readonly name: string;
  readonly parent: { readonly kind: string; readonly name: string };
  readonly memberships: { readonly nodes: readonly { readonly loginName: string }[] };
}

async function addTwice({ unity, host }: KakapoContext, { reseller, group, user }: Place): Promise<void> {
  const again = { ...group, ...user, resellerName: 'Other', groupName: 'Other', userName: 'Other' };
  await unity.call('the same user again is a success', 'AddUserWithHierarchy', again);
  const { resellerId } = reseller;
  await unity.call(
    'and changed nothing: the enterprise',
    'GetResellers',
    { serverHostName: host },
    {
      check: has('resellers', 'Reseller', { resellerId }, { resellerName: 'Northwind' }),
    },
  );
  await unity.call('the group', 'GetGroups', reseller, {
    check: has('groups', 'Group', { groupId: group.groupId }, { groupName: 'Sales' }),
  });
  await unity.call('the user', 'GetUsers', group, {
    check: has('users', 'User', { broadworksUserId: user.broadworksUserId }, { userName: 'Ada Lovelace' }),
  });
  await unity.call('the enterprise alone is there already', 'AddReseller', reseller, { refusal: /already exists/ });
  const elsewhere = { ...group, ...user, groupId: `${resellerId}-other` };
  await unity.call('in another group, the user is refused', 'AddUserWithHierarchy', elsewhere, {
    refusal: new RegExp(group.groupId),
  });
  await unity.call('and that group was not made', 'GetGroups', reseller, {
    check: hasExactly('groups', 'Group', 'groupId', [group.groupId]),
  });
}

/** Answers whether there was something to buy. */
async function purchase(context: KakapoContext, { reseller, group }: Place): Promise<boolean> {
  const { unity } = context;
  const buy = (quantity: number) => ({ ...reseller, ...goods.desktop, quantity });
  const bought = await unity.call('the enterprise buys 4', 'AddResellerLicenseSubPurchase', buy(4), {
    unless: {
      refusal: outOfStock,
      because: `the provider has no ${shownGoods(goods.desktop)}`,
    },
  });
  if (!bought) return false;
  await unity.call('and 1 more', 'AddResellerLicenseSubPurchase', buy(1));
  await unity.call('not 0', 'AddResellerLicenseSubPurchase', buy(0), { refusal: /quantity/ });
  const give = (quantity: number) => ({ ...group, ...goods.desktop, quantity });
  await unity.call('the group gets 2 of them', 'AddGroupLicenseSubPurchase', give(2));
  await unity.call('not 4 more: the enterprise has 3', 'AddGroupLicenseSubPurchase', give(4), {
    refusal: new RegExp(reseller.resellerId),
  });
  return true;
}

async function assign(context: KakapoContext, { reseller, group, user }: Place): Promise<void> {
  const { unity } = context;
  const held = { ...user, ...goods.desktop };
  await unity.call('the user gets a license', 'AddUserLicense', { ...group, ...held });
  await unity.call('the same again is a success', 'AddUserLicense', held);
  await unity.call(
    'another type of that application is refused',
    'AddUserLicense',
    { ...user, ...goods.otherDesktop },
    {
      refusal: new RegExp(goods.desktop.licenseType),
    },
  );
  await unity.call(
    'a type that does not exist names those that do',
    'AddUserLicense',
    { ...held, licenseType: 'Gold' },
    {
      refusal: /Pro.*Enterprise.*Anywhere/,
    },
  );
  const { applicationName, licenseType } = goods.desktop;
  await unity.call('the user has the one', 'GetUserLicenses', user, {
    check: has('licenses', 'UserLicense', { applicationName }, { licenseType }),
  });
  const stocks = [
    { of: reseller.resellerId, purchased: 5, assigned: 0, free: 3 },
    { of: group.groupId, purchased: 2, assigned: 1, free: 1 },
  ] as const;
  await unity.call('of the group’s 2 one is assigned', 'GetGroupLicenses', group, {
    check: hasStock('Group', goods.desktop, stocks[1]),
  });
  await unity.call('the enterprise has 3 left', 'GetResellerLicenses', reseller, {
    check: hasStock('Reseller', goods.desktop, stocks[0]),
  });
  await lookAtPools(context, 'GraphQL says the same', reseller.resellerId, goods.desktop, stocks);
}

/** One call by SOAP 1.1, SOAP 1.2, a form and a link: one license, and the plus sign arrives. */
async function callInEveryWay(context: KakapoContext, { user }: Place): Promise<void> {
  const { applicationName, licenseType } = goods.dashboard;
  for (const binding of bindings) {
    const played = await context
      .by(binding)
      .call(
        `${shownGoods(goods.dashboard)} by ${binding}`,
        'AddUserLicense',
        { ...user, ...goods.dashboard },
        { unless: { refusal: outOfStock, because: 'the provider has none of these' } },
      );
    if (!played && binding === 'SOAP 1.1') return;
  }
  await context.unity.call('is one license', 'GetUserLicenses', user, {
    check: has('licenses', 'UserLicense', { applicationName }, { licenseType }),
  });
  for (const binding of bindings) {
    await context.by(binding).call(
      `a refusal by ${binding}`,
      'AddUserLicense',
      { ...user, applicationName, licenseType: 'Round' },
      {
        refusal: /Tabular30/,
      },
    );
  }
}

async function addAgent(context: KakapoContext, { reseller, group }: Place): Promise<void> {
  const { unity, host, stamp } = context;
  const portalUserName = `agent-${stamp}`;
  await unity.call('a portal user of the enterprise', 'AddPortalUser', {
    serverHostName: host,
    newUserResellerId: reseller.resellerId,
    newUserName: portalUserName,
    newUserEmail: `${portalUserName}@${reseller.resellerId}.example`,
    newUserPassword: `Portal-${stamp}-password`,
    isAgent: true,
  });
  const agent = { ...group, portalUserName };
  await unity.call('becomes an agent of the group', 'AddGroupAgentAssociation', agent);
  await unity.call('once', 'AddGroupAgentAssociation', agent, { refusal: /already exists/ });
  const nobody = { ...agent, portalUserName: 'nobody' };
  await unity.call('somebody unknown does not', 'AddGroupAgentAssociation', nobody, { refusal: /not found/ });
  await unity.call('the enterprise’s portal users', 'GetPortalUsers', reseller, {
    check: has('portalUsers', 'PortalUser', { portalUserName }, { isAgent: true }),
  });
  await look(context, 'GraphQL: an administrator of the enterprise, an agent of the group', async (console) => {
    const [ofReseller, ofGroup] = await Promise.all([
      console.objectIdOf('TENANT', reseller.resellerId),
      console.objectIdOf('TENANT', group.groupId),
    ]);
    const rolesAt = async (id: string): Promise<string> => {
      const { tenant } = await console.graphql.query<{ tenant: ShownRoles }>(rolesQuery, { id });
      return [...new Set(tenant.memberships.nodes.flatMap(({ roles }) => roles))].sort().join(', ');
    };
    const [above, below] = [await rolesAt(ofReseller), await rolesAt(ofGroup)];
    return {
      operation: 'GraphQL tenant.memberships',
      input: { enterprise: ofReseller, group: ofGroup },
      seen: `${above}; ${below}`,
      differences: [
        ...expectEqual('roles at the enterprise', above, 'ADMIN, AGENT'),
        ...expectEqual('roles in the group', below, 'AGENT, MEMBER'),
      ],
    };
  });
}

const rolesQuery = `query Simulated($id: ID!) { tenant(id: $id) { memberships(first: 10) { nodes { roles } } } }`;

interface ShownRoles {
  readonly memberships: { readonly nodes: readonly { readonly roles: readonly string[] }[] };
}

async function addQueue(context: KakapoContext, { reseller, group }: Place): Promise<void> {
  const { unity } = context;
  const queueId = `${reseller.resellerId}-support`;
  const queue = { ...group, queueId };
  const stream = { ...queue, mediaStreamType: 'WebChat' };
  await unity.call('a media stream needs its queue', 'AddMediaStream', stream, { refusal: /not found/ });
  await unity.call('a queue in the group', 'AddQueue', { ...queue, queueName: 'Support' });
  await unity.call('with web chat', 'AddMediaStream', { ...stream, mediaStreamName: 'Chat' });
  await unity.call(
    'not with telegraphs',
    'AddMediaStream',
    { ...stream, mediaStreamType: 'Telegraph' },
    {
      refusal: /WebChat.*Facebook/,
    },
  );
  await unity.call('the queues of the group', 'GetQueues', group, {
    check: has('queues', 'Queue', { queueId }, { queueName: 'Support' }),
  });
  await unity.call('the media streams of the queue', 'GetMediaStreams', queue, {
    check: hasExactly('mediaStreams', 'MediaStream', 'mediaStreamType', ['WebChat']),
  });
  await look(context, 'GraphQL has both as channel records', async (console) => {
    const records = async (filter: object): Promise<readonly ShownRecord[]> => {
      const { channelRecords } = await console.graphql.query<{ channelRecords: { nodes: readonly ShownRecord[] } }>(
        recordsQuery,
        { filter: { channelId: { eq: console.channelId }, ...filter } },
      );
      return channelRecords.nodes;
    };
    const [found, ...others] = await records({ kind: { eq: 'queue' }, externalId: { eq: queueId } });
    const streams = found === undefined ? [] : await records({ parentId: { eq: found.id } });
    return {
      operation: 'GraphQL channelRecords',
      input: { queueId },
      seen: `${found?.kind} ${found?.externalId}: ${streams.map(({ externalId }) => externalId).join()}`,
      differences: [
        ...expectEqual('queues', others.length + (found === undefined ? 0 : 1), 1),
        ...expectEqual('media streams', streams.map(({ kind }) => kind).join(), 'mediaStream'),
      ],
    };
  });
}

const recordsQuery = `query Simulated($filter: ChannelRecordListFilter) {
  channelRecords(first: 10, filter: $filter) { nodes { id kind externalId } }
}`;

interface ShownRecord {
  readonly id: string;
  readonly kind: string;
  readonly externalId: string;
}
