import type { Unit } from '../../repositories.js';
import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { requireReach } from '../../tenancy/index.js';
import type { Instance, TrafficCredential } from '../model.js';

export function insertTrafficCredential(
  tx: Unit,
  instance: Instance,
  passwordHash: string,
): Promise<TrafficCredential> {
  return tx.trafficCredentials.insert({
    id: tx.ids.next('trafficCredential'),
    createdAt: tx.now,
    instanceId: instance.id,
    tenantId: instance.tenantId,
    passwordHash,
    credentialVersion: 1,
  });
}

export interface SetTrafficPasswordInput {
  readonly instanceId: string;
  /** Of the instance. */
  readonly expectedVersion?: number | null;
  /** argon2id. */
  readonly passwordHash: string;
}

/**
 * Gives an instance another password for traffic, without asking for the old one, in whatever state it is; tokens it holds end.
 * An instance without one gets its first. Errors: not_found, forbidden, terminated, version_conflict.
 */
export async function setTrafficPassword(tx: Unit, input: SetTrafficPasswordInput): Promise<TrafficCredential> {
  const instance = found('instance', await tx.instances.lock(input.instanceId));
  await requireReach(tx, 'write', 'instance', instance);
  checkNotTerminated('instance', instance);
  checkVersion('instance', instance, input.expectedVersion);
  return writeTrafficPassword(tx, instance, input.passwordHash);
}

/** For a caller that has locked the instance and been allowed to. */
export async function writeTrafficPassword(
  tx: Unit,
  instance: Instance,
  passwordHash: string,
): Promise<TrafficCredential> {
  const present = await tx.trafficCredentials.findOne({ instanceId: instance.id });
  if (present === undefined) return insertTrafficCredential(tx, instance, passwordHash);
  const locked = found('trafficCredential', await tx.trafficCredentials.lock(present.id));
  const credentialVersion = locked.credentialVersion + 1;
  const saved = await tx.trafficCredentials.save(locked, { passwordHash, credentialVersion });
  await tx.trafficFailures.clear(instance.id);
  await tx.tokenRevocations.revoke({ kind: 'instance', id: instance.id });
  tx.emit({
    type: 'instance.traffic_password_set',
    aggregate: { kind: 'trafficCredential', id: saved.id, version: saved.version },
    tenantId: instance.tenantId,
    payload: { instanceId: instance.id },
  });
  return saved;
}
