import { licenseTable } from '../license-table.js';
import { answers } from './answers.js';
import type { AnswerContract, OperationContract, Parameter } from './model.js';

const text = (name: string): Parameter => ({ name, type: 'string', mandatory: true });
const optional = (name: string): Parameter => ({ name, type: 'string', mandatory: false });

const login = [text('loginUserName'), text('loginPassword')];
const host = text('serverHostName');
const reseller = [host, text('resellerId')];
const group = [...reseller, text('groupId')];
const user = [host, text('broadworksUserId')];
/** A user's place may be said as well; it must then be the right one. */
const placedUser = [host, optional('resellerId'), optional('groupId'), text('broadworksUserId')];
const license = [text('applicationName'), text('licenseType')];
const quantity: Parameter = { name: 'quantity', type: 'int', mandatory: true };
/** A queue stands at the reseller, or at the group when one is named. */
const queue = [...reseller, optional('groupId'), text('queueId')];

function operation(
  name: string,
  description: string,
  parameters: readonly Parameter[],
  answer: AnswerContract = answers.common,
): OperationContract {
  return { name, description, parameters: [...login, ...parameters], answer };
}

/** `UnityDesktop (Pro, Enterprise, Anywhere), …`. */
const permutations = Object.entries(licenseTable)
  .map(([application, types]) => `${application} (${types.join(', ')})`)
  .join(', ');
const applicationNames = `Application names with their license types are ${permutations}.`;

/** Every operation of ProvisionV3 (spec Kakapo 3.4), in the order of its pages: by name. */
export const operations: readonly OperationContract[] = [
  operation(
    'AddGroup',
    'Add a group to a reseller. The system provider and reseller must already exist. All parameters are mandatory except groupName.',
    [...group, optional('groupName')],
  ),
  operation(
    'AddGroupAgentAssociation',
    'Make an existing portal user an agent of a group. The portal user must exist at the level of the reseller.',
    [...group, text('portalUserName')],
  ),
  operation(
    'AddGroupLicenseSubPurchase',
    `Add a sub-purchase to a group. It adds up with earlier ones, and needs enough licenses in the pool of the reseller or its permission to oversell. ${applicationNames}`,
    [...group, ...license, quantity],
  ),
  operation(
    'AddMediaStream',
    'Add a contact center media stream to a queue. The queue must already exist. Values for mediaStreamType are WebChat, Callback, IMAP, SMS, Twitter and Facebook.',
    [...queue, text('mediaStreamType'), optional('mediaStreamName')],
  ),
  operation(
    'AddPortalUser',
    'Add a portal administrator. If newUserGroupId is blank the portal user is created at the level of the reseller, and at that of the system provider if newUserResellerId is blank too. isAgent is ignored at the level of a system provider, and at that of a reseller that is not an enterprise.',
    [
      host,
      optional('newUserResellerId'),
      optional('newUserGroupId'),
      text('newUserName'),
      text('newUserEmail'),
      text('newUserPassword'),
      { name: 'isAgent', type: 'boolean', mandatory: false },
      optional('timezone'),
    ],
  ),
  operation(
    'AddQueue',
    'Add a contact center queue to a reseller, or to a group if groupId is given. The system provider and reseller must already exist, as well as the group if the queue is added at that level.',
    [...queue, optional('queueName')],
  ),
  operation(
    'AddReseller',
    'Add a reseller (an enterprise or service provider) to a system provider. The system provider must already exist. All parameters are mandatory except resellerName.',
    [...reseller, optional('resellerName')],
  ),
  operation(
    'AddResellerAgentAssociation',
    'Make an existing portal user an agent of a reseller. The portal user must exist at the level of the reseller.',
    [...reseller, text('portalUserName')],
  ),
  operation(
    'AddResellerLicenseSubPurchase',
    `Add a sub-purchase to a reseller. It adds up with earlier ones, and needs enough licenses in the pool of the system provider. ${applicationNames}`,
    [...reseller, ...license, quantity],
  ),
  operation(
    'AddSystemProvider',
    'Create a child system provider which can be managed through the portal by the parent provider. All parameters are mandatory except newSystemProviderName.',
    [text('newSystemProviderServerHostName'), text('newSystemProviderId'), optional('newSystemProviderName')],
  ),
  operation(
    'AddUser',
    'Add a user to a group. The system provider, reseller and group must already exist. All parameters are mandatory except userName.',
    [...group, text('broadworksUserId'), optional('userName')],
  ),
  operation(
    'AddUserLicense',
    `Assign a license to a user. A license the user already holds is kept, and that is a success. ${applicationNames}`,
    [...placedUser, ...license],
  ),
  operation(
    'AddUserWithHierarchy',
    'Add a user, and the reseller and group if they do not exist yet. What exists is kept, and that is a success.',
    [
      ...reseller,
      optional('resellerName'),
      text('groupId'),
      optional('groupName'),
      text('broadworksUserId'),
      optional('userName'),
    ],
  ),
  operation('DeleteGroup', 'Delete a group with its active users; their licenses are unassigned.', group),
  operation('DeleteGroupAgentAssociation', 'A portal user is no longer an agent of a group.', [
    ...group,
    text('portalUserName'),
  ]),
  operation(
    'DeleteGroupLicenseSubPurchase',
    'Lower the sub-purchase of a group by a quantity, never below what is consumed.',
    [...group, ...license, quantity],
  ),
  operation('DeleteMediaStream', 'Delete a media stream of a queue.', [...queue, text('mediaStreamType')]),
  operation('DeletePortalUser', 'Delete a portal user.', [host, text('portalUserName')]),
  operation('DeleteQueue', 'Delete a queue with its media streams.', queue),
  operation(
    'DeleteReseller',
    'Delete a reseller with its active groups and users; their licenses are unassigned.',
    reseller,
  ),
  operation('DeleteResellerAgentAssociation', 'A portal user is no longer an agent of a reseller.', [
    ...reseller,
    text('portalUserName'),
  ]),
  operation(
    'DeleteResellerLicenseSubPurchase',
    'Lower the sub-purchase of a reseller by a quantity, never below what is consumed.',
    [...reseller, ...license, quantity],
  ),
  operation('DeleteSystemProvider', 'Delete a child system provider with its resellers, groups and users.', [
    host,
    optional('systemProviderId'),
  ]),
  operation('DeleteUser', 'Delete a user; all assigned licenses are unassigned.', placedUser),
  operation(
    'DeleteUserLicense',
    'Unassign a license from a user. applicationName and licenseType must match one of the permutations; a license that is not assigned is a success.',
    [...placedUser, ...license],
  ),
  operation('DeleteUserLicenses', 'Unassign all licenses of a user.', placedUser),
  operation(
    'GetGroupLicenses',
    'What a group has of each license: purchased, sub-purchased, assigned and free.',
    group,
    answers.groupLicenses,
  ),
  operation('GetGroups', 'The groups of a reseller.', reseller, answers.groups),
  operation('GetMediaStreams', 'The media streams of a queue.', queue, answers.mediaStreams),
  operation(
    'GetPortalUsers',
    'The portal users of a system provider, of a reseller, or of a group.',
    [host, optional('resellerId'), optional('groupId')],
    answers.portalUsers,
  ),
  operation(
    'GetQueues',
    'The queues of a reseller, or of a group if groupId is given.',
    [...reseller, optional('groupId')],
    answers.queues,
  ),
  operation(
    'GetResellerLicenses',
    'What a reseller has of each license: purchased, sub-purchased, assigned and free.',
    reseller,
    answers.resellerLicenses,
  ),
  operation('GetResellers', 'The resellers of a system provider.', [host], answers.resellers),
  operation(
    'GetSystemProviders',
    'The system provider of the interface user and its children, or the children of another one if serverHostName is given.',
    [optional('serverHostName')],
    answers.systemProviders,
  ),
  operation('GetUserLicenses', 'The licenses assigned to a user.', user, answers.userLicenses),
  operation('GetUsers', 'The users of a group.', group, answers.users),
  operation('UpdateGroup', 'Change the display name of a group.', [...group, text('groupName')]),
  operation('UpdateReseller', 'Change the display name of a reseller.', [...reseller, text('resellerName')]),
  operation('UpdateUser', 'Change the display name of a user.', [...user, text('userName')]),
];
