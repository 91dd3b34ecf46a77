import type { ListedPool, ListedProvider } from '../../../../core/hierarchy-reader.js';
import type { Input, KakapoCall, Operation } from '../context.js';
import { isInTable } from '../license-table.js';
import { checkLength, mostAsked } from '../list-length.js';
import { locateGroup, locateProvider, locateReseller, locateUser } from '../locate.js';
import { need, optional, scopeOf } from '../scope.js';

/** Asks for a list; why there is none (which level is missing) is looked up only then. */
async function listed<T>(items: readonly T[] | null, why: () => Promise<unknown>): Promise<readonly T[]> {
  if (items === null) {
    await why();
    return []; // made since
  }
  return checkLength(items);
}

const hierarchy = (call: KakapoCall) => call.ports.readers.hierarchy;
const host = (input: Input): string => need(input, 'serverHostName');

const GetSystemProviders: Operation = async (input, call) => {
  const above = optional(input, 'serverHostName');
  const items =
    above === undefined
      ? await hierarchy(call).providers(scopeOf(call), mostAsked)
      : await hierarchy(call).providersBelow(scopeOf(call), above, mostAsked);
  return (await listed<ListedProvider>(items, () => locateProvider(call, input))).map((item) => ({
    serverHostName: item.provider,
    ...(item.systemProviderId === '' ? {} : { systemProviderId: item.systemProviderId }),
    systemProviderName: item.name,
  }));
};

const GetResellers: Operation = async (input, call) => {
  const items = await hierarchy(call).resellers(scopeOf(call), host(input), mostAsked);
  return (await listed(items, () => locateProvider(call, input))).map(({ externalId, name }) => ({
    resellerId: externalId,
    resellerName: name,
  }));
};

const GetGroups: Operation = async (input, call) => {
  const resellerId = need(input, 'resellerId');
  const key = { provider: host(input), reseller: resellerId };
  const items = await hierarchy(call).groups(scopeOf(call), key, mostAsked);
  return (await listed(items, () => locateReseller(call, input))).map(({ externalId, name }) => ({
    resellerId,
    groupId: externalId,
    groupName: name,
  }));
};

const GetUsers: Operation = async (input, call) => {
  const [resellerId, groupId] = [need(input, 'resellerId'), need(input, 'groupId')];
  const key = { provider: host(input), reseller: resellerId, group: groupId };
  const items = await hierarchy(call).users(scopeOf(call), key, mostAsked);
  return (await listed(items, () => locateGroup(call, input))).map(({ user, name }) => ({
    resellerId,
    groupId,
    broadworksUserId: user,
    userName: name,
  }));
};

/** Each license once, since the first time it was assigned. */
const GetUserLicenses: Operation = async (input, call) => {
  const items = await hierarchy(call).licenses(scopeOf(call), host(input), need(input, 'broadworksUserId'));
  const licenses = await listed(items, () => locateUser(call, input));
  const once = new Map<string, object>();
  for (const { application, licenseType, assignedAt } of licenses) {
    const key = `${application} ${licenseType}`;
    if (!isInTable(application, licenseType) || once.has(key)) continue;
    once.set(key, { applicationName: application, licenseType, assignedOn: assignedAt });
  }
  return [...once.values()];
};

function stockOf(pools: readonly ListedPool[], place: object): object[] {
  return pools
    .filter(({ application, licenseType }) => isInTable(application, licenseType))
    .map(({ application, licenseType, quantity, subPurchased, assigned, oversell }) => ({
      ...place,
      applicationName: application,
      licenseType,
      purchased: quantity,
      subPurchased,
      assigned,
      free: quantity - subPurchased - assigned,
      oversell,
    }));
}

const GetResellerLicenses: Operation = async (input, call) => {
  const resellerId = need(input, 'resellerId');
  const pools = await hierarchy(call).pools(scopeOf(call), { provider: host(input), reseller: resellerId });
  return stockOf(await listed(pools, () => locateReseller(call, input)), { resellerId });
};

const GetGroupLicenses: Operation = async (input, call) => {
  const [resellerId, groupId] = [need(input, 'resellerId'), need(input, 'groupId')];
  const key = { provider: host(input), reseller: resellerId, group: groupId };
  const pools = await hierarchy(call).pools(scopeOf(call), key);
  return stockOf(await listed(pools, () => locateGroup(call, input)), { resellerId, groupId });
};

export const readOperations = {
  GetSystemProviders,
  GetResellers,
  GetGroups,
  GetUsers,
  GetUserLicenses,
  GetResellerLicenses,
  GetGroupLicenses,
};
