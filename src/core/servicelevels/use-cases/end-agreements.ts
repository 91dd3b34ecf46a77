import type { ServiceLevelUnit } from '../ports.js';
import { endAgreement } from './write-agreement.js';

/** Ends all agreements of a group or an instance that ends itself, for a caller that has locked it and been allowed to. */
export async function endAgreements(tx: ServiceLevelUnit, targetId: string): Promise<void> {
  for (const agreement of await tx.serviceLevelAgreements.findMany({ targetId, liveKey: '0' })) {
    await endAgreement(tx, agreement);
  }
}
