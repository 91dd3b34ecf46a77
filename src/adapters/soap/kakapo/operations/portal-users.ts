import { checkNewPassword, createMember } from '../../../../core/identity/index.js';
import {
  addChannelRecord,
  bindSignInName,
  endChannelRecord,
  findSignInName,
} from '../../../../core/marketplace/index.js';
import { removeMember } from '../../../../core/provisioning/index.js';
import type { Unit } from '../../../../core/repositories.js';
import type { Role } from '../../../../core/shared/actor.js';
import { checkEmail, checkText } from '../../../../core/shared/text.js';
import { change } from '../command.js';
import type { Input, KakapoCall, Operation } from '../context.js';
import { checkLength, mostAsked } from '../list-length.js';
import { locateProvider } from '../locate.js';
import { locateLevel, type PortalLevel } from '../portal-level.js';
import { administers, needPortalUser, portalUserName } from '../portal-user.js';
import { Refusal } from '../refusal.js';
import { isEnterprise } from '../reseller-type.js';
import { need, optional } from '../scope.js';
import { checkPortalTimezone } from '../timezones.js';
import { capitalized } from '../words.js';

/** What of a portal user the model has no word for. */
const portalUserRecord = 'portalUser';

interface NewPortalUser {
  readonly name: string;
  readonly email: string;
  readonly agent: boolean;
  readonly timezone: string | undefined;
}

/** One person with a password, an administrator of one level; its e-mail address is nobody's word but the caller's. */
const AddPortalUser: Operation = async (input, call) => {
  const wanted = read(input);
  const password = checkNewPassword('newUserPassword', need(input, 'newUserPassword'));
  const names = { reseller: 'newUserResellerId', group: 'newUserGroupId' };
  let hashing: Promise<string> | undefined;
  const look = async () => {
    const level = await locateLevel(call, input, names);
    hashing ??= call.ports.passwords.hash(password); // only for somebody who could be made
    return { level, passwordHash: await hashing };
  };
  await change(call, look, (tx, { level, passwordHash }) => create(tx, call, wanted, level, passwordHash));
  return undefined;
};

function read(input: Input): NewPortalUser {
  const timezone = optional(input, 'timezone');
  return {
    name: checkText('newUserName', need(input, 'newUserName')),
    email: checkEmail('newUserEmail', need(input, 'newUserEmail')),
    agent: input.isAgent === true,
    timezone: timezone === undefined ? undefined : checkPortalTimezone(timezone),
  };
}

async function create(
  tx: Unit,
  call: KakapoCall,
  { name, email, agent, timezone }: NewPortalUser,
  level: PortalLevel,
  passwordHash: string,
): Promise<void> {
  const { id: channelId } = call.channel;
  const { tenantId } = level;
  if ((await findSignInName(tx, { channelId, name })) !== undefined) {
    throw new Refusal(`${capitalized(portalUserName(name))} already exists`);
  }
  const roles: Role[] = agent && (await knowsAgents(tx, level)) ? ['ADMIN', 'AGENT'] : ['ADMIN'];
  const { user } = await createMember(tx, {
    displayName: name,
    passwordHash,
    emails: [{ email, verified: false }],
    membership: { tenantId, channelId, roles, loginName: name, email },
  });
  await bindSignInName(tx, { channelId, name, userId: user.id });
  if (timezone === undefined) return;
  const record = { channelId, kind: portalUserRecord, tenantId, parentId: user.id, externalId: name };
  await addChannelRecord(tx, { ...record, data: { timezone } });
}

/** The flag means nothing at a system provider, and at a reseller that is not an enterprise. */
async function knowsAgents(tx: Unit, { level, tenantId }: PortalLevel): Promise<boolean> {
  if (level === 'reseller') return isEnterprise(await tx.tenants.find(tenantId));
  return level === 'group';
}

/** Signed out everywhere in the same moment; the name is free again. */
const DeletePortalUser: Operation = async (input, call) => {
  const name = need(input, 'portalUserName');
  const look = () => locateProvider(call, input);
  await change(call, look, async (tx, { provider }) => {
    const { userId, places } = await needPortalUser(tx, call, provider, name);
    for (const { id } of places) await removeMember(tx, { id });
    for (const { id } of await tx.channelRecords.findMany({ parentId: userId, liveKey: '0' })) {
      await endChannelRecord(tx, { id });
    }
  });
  return undefined;
};

const GetPortalUsers: Operation = async (input, call) => {
  const { tenantId } = await locateLevel(call, input, { reseller: 'resellerId', group: 'groupId' });
  const place = { channelId: call.channel.id, tenantId };
  const people = checkLength(await call.ports.readers.signInNames.of(place, portalUserRecord, mostAsked));
  const at = { resellerId: optional(input, 'resellerId'), groupId: optional(input, 'groupId') };
  return people.filter(administers).map(({ name, email, roles, data }) => ({
    portalUserName: name,
    email: email === '' ? undefined : email,
    ...at,
    isAgent: roles.includes('AGENT'),
    timezone: data.timezone,
  }));
};

export const portalUserOperations = { AddPortalUser, DeletePortalUser, GetPortalUsers };
