import {
  disableObject,
  enableObject,
  terminateObject,
  terminateTenantTree,
} from '../../../../core/provisioning/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { createTenant, updateTenant } from '../../../../core/tenancy/index.js';
import { given, shown } from '../command.js';
import { HoldInput, targetOf } from '../lifecycle-inputs.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { propertiesOf } from '../properties.js';
import { CreateTenantInput, contactOf, TerminateTenantInput, UpdateTenantInput } from './inputs.js';
import { TenantPayload } from './payloads.js';

const payload = async ({ context }: Call, id: string): Promise<TenantPayload> => ({
  tenant: await shown(context, 'tenants', id),
});

type Move = typeof disableObject;
const move = (how: Move) => async (input: HoldInput, call: Call) =>
  payload(call, await call.change(async (tx: Unit) => (await how(tx, targetOf('tenant', input))).row));

const endOne = async (tx: Unit, input: TerminateTenantInput) =>
  (await terminateObject(tx, targetOf('tenant', input))).row;
const endTree = (tx: Unit, { id, expectedVersion }: TerminateTenantInput) =>
  terminateTenantTree(tx, { id, expectedVersion });

export const TenantMutations = mutationsOf('tenancy', {
  createTenant: mutation(
    CreateTenantInput,
    TenantPayload,
    'Makes a customer organisation, at the top of a tree or below another.',
    async ({ contact, properties, ...input }, call) => {
      const profile = given(input, { parentId: '', country: '', timeZone: '' });
      const tenant = { ...profile, ...contactOf(contact), ...propertiesOf(properties) };
      return payload(call, await call.change((tx) => createTenant(tx, tenant)));
    },
  ),
  updateTenant: mutation(
    UpdateTenantInput,
    TenantPayload,
    'Changes the profile of a tenant.',
    async ({ contact, properties, ...input }, call) => {
      const profile = given(input, { country: '', timeZone: '' });
      const tenant = { ...profile, ...contactOf(contact), ...propertiesOf(properties) };
      return payload(call, await call.change((tx) => updateTenant(tx, tenant)));
    },
  ),
  disableTenant: mutation(
    HoldInput,
    TenantPayload,
    'Stops a tenant and all below it: sessions end, billing stops.',
    move(disableObject),
  ),
  enableTenant: mutation(
    HoldInput,
    TenantPayload,
    'Lifts the holds you may lift; WRONG_STATE when others remain.',
    move(enableObject),
  ),
  terminateTenant: mutation(
    TerminateTenantInput,
    TenantPayload,
    'Ends a tenant for good, with its instances and members.',
    async (input, call) =>
      payload(call, await call.change((tx) => (input.withTenantsBelow ? endTree(tx, input) : endOne(tx, input)))),
  ),
});
