import { anyOf } from '../../shared/repository.js';
import type { ServiceLevelUnit } from '../ports.js';
import { endAgreement } from './write-agreement.js';

/** Ends all agreements of groups or instances that end themselves, for a caller that has locked them and been allowed to. */
export async function endAgreements(tx: ServiceLevelUnit, targetIds: readonly string[]): Promise<void> {
  for (const agreement of await tx.serviceLevelAgreements.findAll({ targetId: anyOf(targetIds), liveKey: '0' })) {
    await endAgreement(tx, agreement);
  }
}
