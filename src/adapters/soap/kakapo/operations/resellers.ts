import { terminateTenantTree } from '../../../../core/provisioning/index.js';
import { updateTenant } from '../../../../core/tenancy/index.js';
import { change } from '../command.js';
import type { Operation } from '../context.js';
import { locate, locateReseller, present } from '../locate.js';
import { nameOf, newId, newName } from '../scope.js';
import { addTenant } from './tenants.js';

const AddReseller: Operation = async (input, call) => {
  const externalId = newId(input, 'resellerId');
  const name = nameOf(input, 'resellerName', externalId);
  const look = async () => {
    const { provider, reseller } = await locate(call, input, { reseller: externalId });
    if (reseller !== null) throw present('reseller', externalId);
    return provider;
  };
  await change(call, look, (tx, parentId) => addTenant(tx, call, { kind: 'reseller', parentId, externalId, name }));
  return undefined;
};

const UpdateReseller: Operation = async (input, call) => {
  const name = newName(input, 'resellerName');
  await change(
    call,
    () => locateReseller(call, input),
    (tx, { reseller }) => updateTenant(tx, { id: reseller, name }),
  );
  return undefined;
};

/** With its groups and users. */
const DeleteReseller: Operation = async (input, call) => {
  await change(
    call,
    () => locateReseller(call, input),
    (tx, { reseller }) => terminateTenantTree(tx, { id: reseller }),
  );
  return undefined;
};

export const resellerOperations = { AddReseller, UpdateReseller, DeleteReseller };
