import { type AlarmRepositories, clearCondition, raiseAlarm } from '../../alarms/index.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { ServiceAccount } from '../model.js';

const isLocked = ({ lockedAt, liveKey }: ServiceAccount): boolean => lockedAt !== null && liveKey === '0';

/** A lock is an alarm until it is taken off or the account ends. */
export async function tellOfLock(
  tx: Tx & AlarmRepositories,
  before: ServiceAccount,
  after: ServiceAccount,
  additionalInfo = '',
): Promise<void> {
  if (isLocked(before) === isLocked(after)) return;
  const { id, channelId, username, tenantId } = after;
  const condition = { type: 'service_account_locked', channelId, objectId: id } as const;
  if (!isLocked(after)) await clearCondition(tx, condition);
  else {
    const info = `"${username}" is locked until unlocked`;
    await raiseAlarm(tx, { ...condition, tenantId: tenantId ?? '', info, additionalInfo });
  }
}
