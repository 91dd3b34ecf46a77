/** What a provisioning system does; the same for every client, each at a provider of its own. */
export interface Step {
  readonly operation: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** What must come of it: true, the words of a refusal, or the items of the answer with their fields as texts. */
  readonly outcome: true | string | readonly Item[];
}

export type Item = Readonly<Record<string, string>>;

/** Stands in expected items for a time nobody knows beforehand. */
export const sometime = 'some time';

export interface StoryOptions {
  readonly host: string;
  /** In names that are unique in the channel. */
  readonly client: string;
}

const ent = { resellerId: 'ent1' };
const first = { ...ent, groupId: 'g1' };
const second = { ...ent, groupId: 'g2' };
const pro = { applicationName: 'UnityDesktop', licenseType: 'Pro' };
const dashboard = { applicationName: 'UnityDashboard', licenseType: 'Tabular100+' };
const noReseller = { resellerId: 'none' };
const noGroup = { ...ent, groupId: 'none' };
const noUser = { broadworksUserId: 'nobody@op.example' };
const ada = { broadworksUserId: 'ada@op.example' };
const bob = { broadworksUserId: 'bob@op.example' };
const carl = { broadworksUserId: 'carl@op.example' };

const refusals = {
  reseller: "Reseller 'none' was not found",
  group: "Group 'none' was not found",
  user: "User 'nobody@op.example' was not found",
  gold: "UnityDesktop has no license type 'Gold': allowed are Pro, Enterprise, Anywhere",
  owner: "User 'ada@op.example' already exists in group 'g1' of reseller 'ent1'",
};
const stockItem = (purchased: number, subPurchased: number, assigned: number): Item => ({
  ...pro,
  purchased: String(purchased),
  subPurchased: String(subPurchased),
  assigned: String(assigned),
  free: String(purchased - subPurchased - assigned),
  oversell: 'false',
});

/** What shows that a way of calling works: adding and reading, refusals, numbers, marks that have to be escaped. */
export function shortStory({ host }: StoryOptions): Step[] {
  return [
    step('AddUserWithHierarchy', { ...first, ...ada, userName: 'Ada <1> & Söhne', groupName: 'First' }, true),
    step('AddUserWithHierarchy', { ...second, ...ada }, refusals.owner),
    step('AddResellerLicenseSubPurchase', { ...ent, ...pro, quantity: 5 }, true),
    step('AddGroupLicenseSubPurchase', { ...first, ...pro, quantity: 3 }, true),
    step('AddGroupLicenseSubPurchase', { ...first, ...pro, quantity: 99 }, onlyTwo),
    step('AddUserLicense', { ...ada, ...pro }, true),
    step('AddUserLicense', { ...ada, ...dashboard }, true),
    step('GetUsers', first, [{ ...first, ...ada, userName: 'Ada <1> & Söhne' }]),
    step('GetUserLicenses', ada, [
      { ...dashboard, assignedOn: sometime },
      { ...pro, assignedOn: sometime },
    ]),
    step('GetGroupLicenses', first, [{ ...first, ...stockItem(3, 0, 1) }]),
  ].map(at(host));
}

const onlyTwo = "The license pool of reseller 'ent1' has only 2 free UnityDesktop Pro licenses";

/** All operations, each done and refused at least once. */
export function wholeStory({ host, client }: StoryOptions): Step[] {
  const desk = `${client}-desk`;
  const temporary = `${client}-temporary`;
  const portal = { newUserEmail: 'desk@op.example', newUserPassword: 'Correct-Horse-9', isAgent: true };
  const q1 = { ...first, queueId: 'q1' };
  const [child, other] = [`child.${host}`, `other.${host}`];
  const hierarchy = [
    step('AddReseller', { ...ent, resellerName: 'Ünité' }, true),
    step('AddReseller', ent, "Reseller 'ent1' already exists"),
    step('UpdateReseller', { ...ent, resellerName: 'Enterprise <1> & Söhne' }, true),
    step('UpdateReseller', { ...noReseller, resellerName: 'x' }, refusals.reseller),
    step('AddReseller', { resellerId: 'leaving' }, true),
    step('GetResellers', {}, [
      { ...ent, resellerName: 'Enterprise <1> & Söhne' },
      { resellerId: 'leaving', resellerName: 'leaving' },
    ]),
    step('GetResellers', { serverHostName: 'none' }, "System provider 'none' was not found"),
    step('DeleteReseller', { resellerId: 'leaving' }, true),
    step('DeleteReseller', { resellerId: 'leaving' }, "Reseller 'leaving' was not found"),
    step('AddGroup', { ...first, groupName: 'first' }, true),
    step('AddGroup', { ...noReseller, groupId: 'g1' }, refusals.reseller),
    step('UpdateGroup', { ...first, groupName: 'First' }, true),
    step('UpdateGroup', { ...noGroup, groupName: 'x' }, refusals.group),
    step('AddGroup', { ...ent, groupId: 'leaving' }, true),
    step('GetGroups', ent, [
      { ...first, groupName: 'First' },
      { ...ent, groupId: 'leaving', groupName: 'leaving' },
    ]),
    step('GetGroups', noReseller, refusals.reseller),
    step('DeleteGroup', { ...ent, groupId: 'leaving' }, true),
    step('DeleteGroup', { ...ent, groupId: 'leaving' }, "Group 'leaving' was not found"),
    step('AddUser', { ...first, ...ada }, true),
    step('AddUser', { ...first, ...ada }, refusals.owner),
    step('AddUserWithHierarchy', { ...second, ...bob, userName: '鈴木' }, true),
    step('AddUserWithHierarchy', { ...second, ...bob, userName: 'Bob' }, true),
    step('AddUserWithHierarchy', { ...second, ...ada }, refusals.owner),
    step('UpdateUser', { ...ada, userName: 'Ada Lovelace' }, true),
    step('UpdateUser', { ...noUser, userName: 'x' }, refusals.user),
    step('GetUsers', first, [{ ...first, ...ada, userName: 'Ada Lovelace' }]),
    step('GetUsers', noGroup, refusals.group),
  ];
  const licenses = [
    step('AddResellerLicenseSubPurchase', { ...ent, ...pro, quantity: 5 }, true),
    step('AddResellerLicenseSubPurchase', { ...ent, ...pro, quantity: 0 }, 'quantity must be greater than 0'),
    step('AddGroupLicenseSubPurchase', { ...first, ...pro, quantity: 3 }, true),
    step('AddGroupLicenseSubPurchase', { ...first, ...pro, quantity: 99 }, onlyTwo),
    step('AddUserLicense', { ...ada, ...pro }, true),
    step('AddUserLicense', { ...first, ...ada, ...pro }, true),
    step('AddUserLicense', { ...ada, ...pro, licenseType: 'Gold' }, refusals.gold),
    step('AddUserLicense', { ...bob, ...dashboard }, true),
    step('GetUserLicenses', bob, [{ ...dashboard, assignedOn: sometime }]),
    step('GetUserLicenses', noUser, refusals.user),
    step('GetResellerLicenses', ent, [{ ...ent, ...stockItem(5, 3, 0) }]),
    step('GetResellerLicenses', noReseller, refusals.reseller),
    step('GetGroupLicenses', first, [{ ...first, ...stockItem(3, 0, 1) }]),
    step('GetGroupLicenses', noGroup, refusals.group),
    step('DeleteGroupLicenseSubPurchase', { ...first, ...pro, quantity: 1 }, true),
    step(
      'DeleteGroupLicenseSubPurchase',
      { ...first, ...pro, quantity: 2 },
      "The sub-purchase of group 'g1' is 2 UnityDesktop Pro licenses, of which 1 are consumed: it cannot drop by 2",
    ),
    step('DeleteResellerLicenseSubPurchase', { ...ent, ...pro, quantity: 1 }, true),
    step(
      'DeleteResellerLicenseSubPurchase',
      { ...ent, ...dashboard, quantity: 1 },
      "A sub-purchase of UnityDashboard Tabular100+ licenses by reseller 'ent1' was not found",
    ),
    step('AddUser', { ...second, ...carl }, true),
    step('AddUserLicense', { ...carl, ...pro }, true),
    step('DeleteUserLicense', { ...carl, ...pro }, true),
    step('DeleteUserLicense', { ...carl, ...pro, licenseType: 'Gold' }, refusals.gold),
    step('AddUserLicense', { ...carl, ...pro, licenseType: 'Enterprise' }, noEnterprise(host)),
    step('AddUserLicense', { ...carl, ...dashboard }, true),
    step('DeleteUserLicenses', carl, true),
    step('DeleteUserLicenses', noUser, refusals.user),
    step('GetUserLicenses', carl, []),
    step('DeleteUser', carl, true),
    step('DeleteUser', { ...second, ...ada }, "User 'ada@op.example' belongs to group 'g1' of reseller 'ent1'"),
  ];
  const deskAtGroup = (groupId: string) => ({ ...ent, groupId, portalUserName: desk });
  const deskAtReseller = { ...ent, portalUserName: desk };
  const people = [
    step(
      'AddPortalUser',
      { newUserName: desk, newUserResellerId: 'ent1', timezone: 'GMT Standard Time', ...portal },
      true,
    ),
    step('AddPortalUser', { newUserName: desk, ...portal }, `Portal user '${desk}' already exists`),
    step('GetPortalUsers', ent, [
      { portalUserName: desk, email: 'desk@op.example', ...ent, isAgent: 'true', timezone: 'GMT Standard Time' },
    ]),
    step('GetPortalUsers', noReseller, refusals.reseller),
    step('AddPortalUser', { newUserName: temporary, ...portal }, true),
    step('DeletePortalUser', { portalUserName: temporary }, true),
    step('DeletePortalUser', { portalUserName: temporary }, `Portal user '${temporary}' was not found`),
    step('AddGroupAgentAssociation', deskAtGroup('g1'), true),
    step('AddGroupAgentAssociation', deskAtGroup('g1'), `${associationOf(desk)} group 'g1' already exists`),
    step('AddGroupAgentAssociation', deskAtGroup('g2'), true),
    step('DeleteGroupAgentAssociation', deskAtGroup('g2'), true),
    step('DeleteGroupAgentAssociation', deskAtGroup('g2'), `${associationOf(desk)} group 'g2' was not found`),
    step('DeleteResellerAgentAssociation', deskAtReseller, true),
    step('DeleteResellerAgentAssociation', deskAtReseller, `${associationOf(desk)} reseller 'ent1' was not found`),
    step('AddResellerAgentAssociation', deskAtReseller, true),
    step('AddResellerAgentAssociation', deskAtReseller, `${associationOf(desk)} reseller 'ent1' already exists`),
  ];
  const queues = [
    step('AddQueue', { ...q1, queueName: 'Support & Co' }, true),
    step('AddQueue', q1, "Queue 'q1' already exists"),
    step('AddQueue', { ...ent, queueId: 'leaving' }, true),
    step('GetQueues', first, [{ ...q1, queueName: 'Support & Co' }]),
    step('GetQueues', noReseller, refusals.reseller),
    step('DeleteQueue', { ...ent, queueId: 'leaving' }, true),
    step('DeleteQueue', { ...ent, queueId: 'leaving' }, "Queue 'leaving' was not found"),
    step('AddMediaStream', { ...q1, mediaStreamType: 'webchat', mediaStreamName: 'Chat' }, true),
    step(
      'AddMediaStream',
      { ...q1, mediaStreamType: 'Fax' },
      "mediaStreamType 'Fax' is not one of WebChat, Callback, IMAP, SMS, Twitter, Facebook",
    ),
    step('AddMediaStream', { ...q1, mediaStreamType: 'SMS' }, true),
    step('DeleteMediaStream', { ...q1, mediaStreamType: 'SMS' }, true),
    step('DeleteMediaStream', { ...q1, mediaStreamType: 'SMS' }, "Media stream SMS of queue 'q1' was not found"),
    step('GetMediaStreams', q1, [{ queueId: 'q1', mediaStreamType: 'WebChat', mediaStreamName: 'Chat' }]),
    step('GetMediaStreams', { ...first, queueId: 'none' }, "Queue 'none' was not found"),
  ];
  const newProvider = { newSystemProviderServerHostName: child, newSystemProviderId: 'sp-1' };
  const providers = [
    step('AddSystemProvider', { ...newProvider, newSystemProviderName: 'Child' }, true),
    step('AddSystemProvider', newProvider, `System provider '${child}' already exists`),
    step('AddSystemProvider', { newSystemProviderServerHostName: other, newSystemProviderId: 'sp-2' }, true),
    step('DeleteSystemProvider', { serverHostName: other, systemProviderId: 'sp-2' }, true),
    step('DeleteSystemProvider', { serverHostName: other }, `System provider '${other}' was not found`),
    step('GetSystemProviders', { serverHostName: host }, [
      { serverHostName: child, systemProviderId: 'sp-1', systemProviderName: 'Child' },
    ]),
    step('GetSystemProviders', { serverHostName: 'none' }, "System provider 'none' was not found"),
  ];
  return [...hierarchy, ...licenses, ...people, ...queues, ...providers].map(at(host));
}

function step(operation: string, parameters: Step['parameters'], outcome: Step['outcome']): Step {
  return { operation, parameters, outcome };
}

/** Every operation but one says which provider it is about. */
function at(host: string): (step: Step) => Step {
  return ({ operation, parameters, outcome }) => ({
    operation,
    parameters: operation === 'AddSystemProvider' ? parameters : { serverHostName: host, ...parameters },
    outcome,
  });
}

function associationOf(portalUserName: string): string {
  return `Agent association of portal user '${portalUserName}' with`;
}

function noEnterprise(host: string): string {
  return `The license pool of system provider '${host}' has no free UnityDesktop Enterprise license`;
}
