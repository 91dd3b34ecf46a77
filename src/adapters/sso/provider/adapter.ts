import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { OpenIdPayload, SsoPorts } from '../ports.js';
import { clientMetadata } from './clients.js';
import { errors } from './openid-library.js';
import type { TrafficClients } from './traffic-clients.js';

/** oidc-provider's storage on the hub's tables. Clients come from our own `clients`, and then from what holds a traffic password. */
export function createAdapterFactory(ports: SsoPorts, traffic: TrafficClients): (model: string) => Adapter {
  return (model) => (model === 'Client' ? clientAdapter(ports, traffic) : artifactAdapter(ports, model));
}

function artifactAdapter(ports: SsoPorts, model: string): Adapter {
  const { openIds } = ports;
  const payload = (stored: OpenIdPayload | undefined) => stored as AdapterPayload | undefined;

  async function consume(id: string): Promise<void> {
    if (await openIds.consume(model, id)) return;
    // somebody else has it too: nothing that came of it may live on (RFC 6749 4.1.2, RFC 9700 4.14)
    const grantId = (await openIds.find(model, id))?.grantId;
    if (typeof grantId === 'string') await openIds.revokeByGrantId(grantId);
    throw new errors.InvalidGrant('already used');
  }

  return {
    upsert: (id, data, expiresIn) => openIds.upsert(model, id, data, expiresIn),
    find: async (id) => payload(await openIds.find(model, id)),
    findByUid: async (uid) => payload(await openIds.findByUid(model, uid)),
    findByUserCode: async (code) => payload(await openIds.findByUserCode(model, code)),
    consume,
    destroy: (id) => openIds.destroy(model, id),
    revokeByGrantId: (grantId) => openIds.revokeByGrantId(grantId),
  };
}

function clientAdapter({ lookups }: SsoPorts, traffic: TrafficClients): Adapter {
  const refuse = async (): Promise<never> => {
    throw new Error('clients are registered through the hub, not through the provider');
  };
  return {
    async find(clientId) {
      const client = await lookups.clients.findOne({ clientId });
      if (client === undefined) return traffic.find(clientId);
      return client.disabledAt === null ? clientMetadata(client) : undefined;
    },
    upsert: refuse,
    findByUid: refuse,
    findByUserCode: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}
