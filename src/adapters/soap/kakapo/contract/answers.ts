import type { AnswerContract, AnswerField, ValueType } from './model.js';

const always = (name: string, type: ValueType = 'string'): AnswerField => ({ name, type, always: true });
const perhaps = (name: string, type: ValueType = 'string'): AnswerField => ({ name, type, always: false });

function listOf(type: string, name: string, item: string, fields: readonly AnswerField[]): AnswerContract {
  return { type, list: { name, item, fields } };
}

const stock = [
  always('applicationName'),
  always('licenseType'),
  always('purchased', 'int'),
  always('subPurchased', 'int'),
  always('assigned', 'int'),
  always('free', 'int'),
  always('oversell', 'boolean'),
];

/** Every answer the service gives (spec Kakapo 3.3 and 3.6): the common one, and one list for each kind of reading. */
export const answers = {
  common: { type: 'ProvisionResponse' },
  systemProviders: listOf('SystemProvidersResponse', 'systemProviders', 'SystemProvider', [
    always('serverHostName'),
    perhaps('systemProviderId'),
    perhaps('systemProviderName'),
  ]),
  resellers: listOf('ResellersResponse', 'resellers', 'Reseller', [always('resellerId'), perhaps('resellerName')]),
  groups: listOf('GroupsResponse', 'groups', 'Group', [always('resellerId'), always('groupId'), perhaps('groupName')]),
  users: listOf('UsersResponse', 'users', 'User', [
    always('resellerId'),
    always('groupId'),
    always('broadworksUserId'),
    perhaps('userName'),
  ]),
  userLicenses: listOf('UserLicensesResponse', 'licenses', 'UserLicense', [
    always('applicationName'),
    always('licenseType'),
    always('assignedOn', 'dateTime'),
  ]),
  resellerLicenses: listOf('ResellerLicensesResponse', 'licenses', 'ResellerLicense', [always('resellerId'), ...stock]),
  groupLicenses: listOf('GroupLicensesResponse', 'licenses', 'GroupLicense', [
    always('resellerId'),
    always('groupId'),
    ...stock,
  ]),
  queues: listOf('QueuesResponse', 'queues', 'Queue', [
    always('resellerId'),
    perhaps('groupId'),
    always('queueId'),
    perhaps('queueName'),
  ]),
  mediaStreams: listOf('MediaStreamsResponse', 'mediaStreams', 'MediaStream', [
    always('queueId'),
    always('mediaStreamType'),
    perhaps('mediaStreamName'),
  ]),
  portalUsers: listOf('PortalUsersResponse', 'portalUsers', 'PortalUser', [
    always('portalUserName'),
    perhaps('email'),
    perhaps('resellerId'),
    perhaps('groupId'),
    always('isAgent', 'boolean'),
    perhaps('timezone'),
  ]),
} as const satisfies Record<string, AnswerContract>;
