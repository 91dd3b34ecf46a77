import type { Adapter, AdapterPayload } from 'oidc-provider';
import { shift } from '../../../core/shared/clock.js';
import { hashToken } from '../../../platform/secrets.js';
import type { Runner } from '../person-unit.js';
import { lifetimesOf, type SsoPorts } from '../ports.js';
import { clientMetadata } from './clients.js';
import { errors } from './openid-library.js';

/** What must be usable once: the first to take it wins, on every process. */
const singleUse = new Set(['AuthorizationCode', 'RefreshToken']);

/** oidc-provider's storage on the hub's tables. Clients come from our own `clients`. */
export function createAdapterFactory(ports: SsoPorts, runner: Runner): (model: string) => Adapter {
  return (model) => (model === 'Client' ? clientAdapter(runner) : artifactAdapter(ports, model));
}

function artifactAdapter(ports: SsoPorts, model: string): Adapter {
  const { openIds, seen, clock } = ports;
  const longest = lifetimesOf(ports).refreshToken * 1_000;
  const payload = (stored: Record<string, unknown> | undefined) => stored as AdapterPayload | undefined;

  async function consume(id: string): Promise<void> {
    const first =
      !singleUse.has(model) || (await seen.add('openid-use', hashToken(`${model}/${id}`), shift(clock.now(), longest)));
    if (!first) {
      // somebody else has it too: nothing that came of it may live on (RFC 6749 4.1.2, RFC 9700 4.14)
      const grantId = (await openIds.find(model, id))?.grantId;
      if (typeof grantId === 'string') {
        await openIds.destroy('Grant', grantId);
        await openIds.revokeByGrantId(grantId);
      }
      throw new errors.InvalidGrant('already used');
    }
    await openIds.consume(model, id);
  }

  return {
    upsert: (id, data, expiresIn) => openIds.upsert(model, id, data, expiresIn ?? longest / 1_000),
    find: async (id) => payload(await openIds.find(model, id)),
    findByUid: async (uid) => payload(await openIds.findByUid(model, uid)),
    findByUserCode: async (code) => payload(await openIds.findByUserCode(model, code)),
    consume,
    destroy: (id) => openIds.destroy(model, id),
    revokeByGrantId: (grantId) => openIds.revokeByGrantId(grantId),
  };
}

function clientAdapter(runner: Runner): Adapter {
  const refuse = async (): Promise<never> => {
    throw new Error('clients are registered through the hub, not through the provider');
  };
  return {
    find: (clientId) =>
      runner.asHub('sso.readClient', async (tx) => {
        const client = await tx.clients.findOne({ clientId });
        return client && client.disabledAt === null ? clientMetadata(client) : undefined;
      }),
    upsert: refuse,
    findByUid: refuse,
    findByUserCode: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}
