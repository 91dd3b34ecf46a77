import { addMembership, changeMembership, type Membership } from '../../../../core/identity/index.js';
import { removeMember } from '../../../../core/provisioning/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { change } from '../command.js';
import type { Input, KakapoCall, Operation } from '../context.js';
import { locateGroup, locateReseller } from '../locate.js';
import { needPortalUser, type PortalUser, portalUserName } from '../portal-user.js';
import { Refusal } from '../refusal.js';
import { isEnterprise } from '../reseller-type.js';
import { need } from '../scope.js';
import { capitalized, placeName } from '../words.js';

/** Of a group: a place there that administers nothing. The portal user stays where it is, at the reseller. */
const AddGroupAgentAssociation: Operation = async (input, call) => {
  await change(
    call,
    () => locateGroup(call, input),
    async (tx, { provider, reseller, group }) => {
      const user = await needAtReseller(tx, call, input, provider, reseller);
      const there = await placeOf(tx, user, group);
      if (there?.roles.includes('AGENT')) throw present(input, 'group');
      if (there !== undefined) return changeMembership(tx, { id: there.id, roles: [...there.roles, 'AGENT'] });
      const { email, loginName } = user.own;
      const place = { userId: user.userId, tenantId: group, channelId: call.channel.id };
      return addMembership(tx, { ...place, roles: ['AGENT'], loginName, email });
    },
  );
  return undefined;
};

const DeleteGroupAgentAssociation: Operation = async (input, call) => {
  await change(
    call,
    () => locateGroup(call, input),
    async (tx, { provider, reseller, group }) => {
      const user = await needAtReseller(tx, call, input, provider, reseller);
      const there = await placeOf(tx, user, group);
      if (!there?.roles.includes('AGENT')) throw missing(input, 'group');
      return there.roles.length === 1 ? removeMember(tx, { id: there.id }) : withoutAgent(tx, there);
    },
  );
  return undefined;
};

/** Of the reseller, where the portal user stands already. */
const AddResellerAgentAssociation: Operation = async (input, call) => {
  await change(
    call,
    () => locateReseller(call, input),
    async (tx, { provider, reseller }) => {
      const { own } = await needAtReseller(tx, call, input, provider, reseller);
      if (!isEnterprise(await tx.tenants.find(reseller))) {
        throw new Refusal(`${capitalized(resellerName(input))} is not an enterprise and has no agents`);
      }
      if (own.roles.includes('AGENT')) throw present(input, 'reseller');
      return changeMembership(tx, { id: own.id, roles: [...own.roles, 'AGENT'] });
    },
  );
  return undefined;
};

const DeleteResellerAgentAssociation: Operation = async (input, call) => {
  await change(
    call,
    () => locateReseller(call, input),
    async (tx, { provider, reseller }) => {
      const { own } = await needAtReseller(tx, call, input, provider, reseller);
      if (!own.roles.includes('AGENT')) throw missing(input, 'reseller');
      return withoutAgent(tx, own);
    },
  );
  return undefined;
};

async function needAtReseller(
  tx: Unit,
  call: KakapoCall,
  input: Input,
  providerId: string,
  resellerId: string,
): Promise<PortalUser> {
  const name = need(input, 'portalUserName');
  const user = await needPortalUser(tx, call, providerId, name);
  if (user.own.tenantId === resellerId) return user;
  throw new Refusal(`${capitalized(portalUserName(name))} is not at the level of ${resellerName(input)}`);
}

function placeOf(tx: Unit, { userId }: PortalUser, tenantId: string): Promise<Membership | undefined> {
  return tx.memberships.findOne({ userId, tenantId, instanceId: '', liveKey: '0' });
}

function withoutAgent(tx: Unit, { id, roles }: Membership): Promise<Membership> {
  return changeMembership(tx, { id, roles: roles.filter((role) => role !== 'AGENT') });
}

function resellerName(input: Input): string {
  return placeName('reseller', need(input, 'resellerId'));
}

function present(input: Input, level: 'reseller' | 'group'): Refusal {
  return new Refusal(`${association(input, level)} already exists`);
}

function missing(input: Input, level: 'reseller' | 'group'): Refusal {
  return new Refusal(`${association(input, level)} was not found`);
}

function association(input: Input, level: 'reseller' | 'group'): string {
  const place = level === 'reseller' ? resellerName(input) : placeName('group', need(input, 'groupId'));
  return `Agent association of ${portalUserName(need(input, 'portalUserName'))} with ${place}`;
}

export const agentOperations = {
  AddGroupAgentAssociation,
  DeleteGroupAgentAssociation,
  AddResellerAgentAssociation,
  DeleteResellerAgentAssociation,
};
