import { terminateTenantTree } from '../../../../core/provisioning/index.js';
import { found } from '../../../../core/shared/checks.js';
import { change } from '../command.js';
import type { Operation } from '../context.js';
import { locateProvider, present } from '../locate.js';
import { Refusal } from '../refusal.js';
import { nameOf, need, newId, optional, scopeOf } from '../scope.js';
import { capitalized, placeName, shown } from '../words.js';
import { addTenant } from './tenants.js';

/** Below the provider of the interface user; one of an account without a provider stands by itself. Hosts are unique in the channel. */
const AddSystemProvider: Operation = async (input, call) => {
  const externalId = newId(input, 'newSystemProviderServerHostName');
  const systemProviderId = newId(input, 'newSystemProviderId');
  const name = nameOf(input, 'newSystemProviderName', externalId);
  const parentId = call.actor.tenantId ?? '';
  const look = async () => {
    const scope = { ...scopeOf(call), withinId: null };
    const located = await call.ports.readers.hierarchy.locate(scope, { provider: externalId });
    if (located !== null) throw present('system provider', externalId);
  };
  await change(call, look, (tx) =>
    addTenant(tx, call, { kind: 'provider', parentId, externalId, name, systemProviderId }),
  );
  return undefined;
};

/** With everything below. A systemProviderId, when given, must be the one it was added with. */
const DeleteSystemProvider: Operation = async (input, call) => {
  const host = capitalized(placeName('system provider', need(input, 'serverHostName')));
  const said = optional(input, 'systemProviderId');
  const look = async () => {
    const { provider } = await locateProvider(call, input);
    if (provider === call.actor.tenantId) {
      throw new Refusal(`${host} was not deleted: the system provider of the interface user cannot be deleted`);
    }
    return provider;
  };
  await change(call, look, async (tx, id) => {
    if (said !== undefined) {
      const { properties } = found('tenant', await tx.tenants.find(id));
      if (properties.find(({ name }) => name === 'systemProviderId')?.value !== said) {
        throw new Refusal(`${host} has another systemProviderId than '${shown(said)}'`);
      }
    }
    await terminateTenantTree(tx, { id });
  });
  return undefined;
};

export const providerOperations = { AddSystemProvider, DeleteSystemProvider };
