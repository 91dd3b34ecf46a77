import type { Unit } from '../../repositories.js';
import type { Lifecycle } from '../../shared/lifecycle.js';
import { activeLifecycle } from '../../shared/lifecycle.js';
import type { Approval } from '../model.js';
import { insertApproval } from './ask-approval.js';
import { emitObject, type LifecycleObject } from './lock-object.js';

/** How something begins that an operator has to approve first. */
export const registered: Lifecycle = { ...activeLifecycle, activated: false, pending: 'register' };

/** The approval of what was just made REGISTERED. */
export async function openRegistration(tx: Unit, object: LifecycleObject): Promise<Approval> {
  const approval = await insertApproval(tx, 'register', object, {});
  emitObject(tx, 'register_requested', object);
  return approval;
}
