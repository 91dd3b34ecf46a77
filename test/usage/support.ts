import { defineApplication } from '../../src/core/catalog/index.js';
import { bindExternalRef, configureChannel, freeExternalId } from '../../src/core/marketplace/index.js';
import { terminateObject } from '../../src/core/provisioning/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { type Actor, systemActor } from '../../src/core/shared/actor.js';
import { minute, shift } from '../../src/core/shared/clock.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { type Ingestion, ingestUsageRecords, type UsageInput } from '../../src/core/usage/index.js';
import type { Persistence } from '../../src/persistence/index.js';

export const system = systemActor('test');
export const start = '2026-01-15T09:00:00.000Z';
export const everything = { start: 0n, size: 10_000 };

/** A record that says something different for each number, a minute later for each. */
export function usage(transactionId: number | bigint, given: Partial<UsageInput> = {}): UsageInput {
  return {
    transactionId: BigInt(transactionId),
    providerExternalId: 'sp1',
    applicationExternalId: 'app1',
    serviceName: 'Short Messaging',
    occurredAt: shift(start, (Number(transactionId) % 10_000_000) * minute),
    originAddress: `tel:+4670${transactionId}`,
    destinationAddress: 'tel:+46999',
    completionStatus: 'COMPLETED',
    info: '',
    properties: [],
    ...given,
  };
}

type Home = Pick<Persistence, 'uow'>;
let requests = 0;

export function run<T>({ uow }: Home, work: (tx: Unit) => Promise<T>, actor: Actor = system): Promise<T> {
  requests += 1;
  return uow.run(actor, { name: 'test.usage', requestId: `req-${requests}` }, work);
}

export function ingest(
  home: Home,
  channelId: string,
  records: readonly UsageInput[],
  actor?: Actor,
): Promise<Ingestion> {
  return run(home, (tx) => ingestUsageRecords(tx, { channelId, records }), actor);
}

export async function makeChannel(home: Home, name = 'gateway'): Promise<string> {
  return (await run(home, (tx) => configureChannel(tx, { name, protocol: 'prm', settings: {} }))).id;
}

/** Somebody who has the id on the channel from now on, with an application. */
export function makeProvider(home: Home, channelId: string, externalId: string, application = 'app1') {
  return run(home, async (tx) => {
    const tenant = await createTenant(tx, { kind: 'reseller', name: externalId, channelId });
    await bindExternalRef(tx, { channelId, kind: 'tenant', externalId, targetId: tenant.id });
    const own = await defineApplication(tx, {
      key: application,
      name: application,
      ownerTenantId: tenant.id,
      licenseTypes: [],
    });
    const name = { channelId, kind: 'application', parentId: tenant.id, externalId: application } as const;
    await bindExternalRef(tx, { ...name, targetId: own.id });
    return { tenantId: tenant.id, applicationId: own.id };
  });
}

/** Deletes both and frees their ids, as the approval of a deletion does. */
export function endProvider(home: Home, { tenantId, applicationId }: { tenantId: string; applicationId: string }) {
  return run(home, async (tx) => {
    await terminateObject(tx, { kind: 'application', id: applicationId });
    await terminateObject(tx, { kind: 'tenant', id: tenantId });
    for (const targetId of [tenantId, applicationId]) {
      for (const { id } of await tx.externalRefs.findMany({ targetId, liveKey: '0' })) await freeExternalId(tx, { id });
    }
  });
}

/** The operator's account of a channel, and a provider's. */
export function account(channelId: string, tenantId: string | null = null, level: number | null = 333): Actor {
  return {
    kind: 'serviceAccount',
    serviceAccountId: 'sac_1',
    username: tenantId === null ? 'op' : 'sp',
    channelId,
    tenantId,
    level: tenantId === null ? level : null,
  };
}
