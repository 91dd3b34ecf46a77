import { terminateTenantTree } from '../../../../core/provisioning/index.js';
import { updateTenant } from '../../../../core/tenancy/index.js';
import { change } from '../command.js';
import type { Operation } from '../context.js';
import { locate, locateGroup, present, resellerOf } from '../locate.js';
import { nameOf, need, newId, newName } from '../scope.js';
import { addTenant } from './tenants.js';

const AddGroup: Operation = async (input, call) => {
  const externalId = newId(input, 'groupId');
  const name = nameOf(input, 'groupName', externalId);
  const look = async () => {
    const located = await locate(call, input, { reseller: need(input, 'resellerId'), group: externalId });
    const parentId = resellerOf(located, input);
    if (located.group !== null) throw present('group', externalId);
    return parentId;
  };
  await change(call, look, (tx, parentId) => addTenant(tx, call, { kind: 'group', parentId, externalId, name }));
  return undefined;
};

const UpdateGroup: Operation = async (input, call) => {
  const name = newName(input, 'groupName');
  await change(
    call,
    () => locateGroup(call, input),
    (tx, { group }) => updateTenant(tx, { id: group, name }),
  );
  return undefined;
};

/** With its users. */
const DeleteGroup: Operation = async (input, call) => {
  await change(
    call,
    () => locateGroup(call, input),
    (tx, { group }) => terminateTenantTree(tx, { id: group }),
  );
  return undefined;
};

export const groupOperations = { AddGroup, UpdateGroup, DeleteGroup };
