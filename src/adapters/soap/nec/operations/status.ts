import { disableMembership, enableMembership } from '../../../../core/identity/index.js';
import { disableObject, enableObject, type Instance } from '../../../../core/provisioning/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { DomainError } from '../../../../core/shared/errors.js';
import { type Hold, holdsRemain } from '../../../../core/shared/lifecycle.js';
import { refusalFields, runCommand } from '../command.js';
import { disabledStatus } from '../config.js';
import type { Fields, NecCall, Operation } from '../context.js';
import { type CycleState, markUser, readCycle, readUser, writeCycle } from '../disable-cycle.js';
import { InvalidStatus, required } from '../faults.js';
import {
  afterDisable,
  type Decision,
  type Dialect,
  judgeRealmEnable,
  judgeUserEnable,
  type Target,
} from '../ledger.js';
import { lockRealm, needUser } from '../lookup.js';
import { need, type RealmKey, type StatusInput, type UserKey } from '../messages.js';

/** Both sets of operations are always accepted, whatever the connection's version (spec NEC 4.3). */
export const updateRealmStatus: Operation = (input: StatusInput, call) =>
  runCommand(call, input, async (tx) => {
    need('realmId', input.realmId);
    const { status, enable } = readStatus(call, input.status);
    const fields = await (enable ? enableRealmIn : disableRealmIn)(tx, call, input, '4.3');
    return { status, ...unlessDone(fields) };
  });

export const updateUserStatus: Operation = (input: StatusInput, call) =>
  runCommand(call, input, async (tx) => {
    need('realmId', input.realmId);
    need('userId', input.userId);
    const { status, enable } = readStatus(call, input.status);
    const fields = await (enable ? enableUserIn : disableUserIn)(tx, call, input, '4.3');
    return { status, ...unlessDone(fields) };
  });

export const disableRealm: Operation = (input: RealmKey, call) =>
  runCommand(call, input, (tx) => disableRealmIn(tx, call, input, '4.2'));

export const enableRealm: Operation = (input: RealmKey, call) =>
  runCommand(call, input, (tx) => enableRealmIn(tx, call, input, '4.2'));

export const disableUser: Operation = (input: UserKey, call) =>
  runCommand(call, input, (tx) => disableUserIn(tx, call, input, '4.2'));

export const enableUser: Operation = (input: UserKey, call) =>
  runCommand(call, input, (tx) => enableUserIn(tx, call, input, '4.2'));

/** A status of its own only goes with a refusal; what was done is told with the number that was asked for. */
function unlessDone(fields: Fields): Fields {
  return fields.resultCode === undefined ? {} : fields;
}

/** Missing: code 1; 7 disables, the connection's own values enable; every other number, 9 too, is code 6. */
function readStatus(call: NecCall, status: number | undefined): { status: number; enable: boolean } {
  if (status === undefined) throw required('status');
  if (status === disabledStatus) return { status, enable: false };
  if (call.settings.enabledStatusValues.includes(status)) return { status, enable: true };
  throw new InvalidStatus(status);
}

async function disableRealmIn(tx: Unit, call: NecCall, input: RealmKey, dialect: Dialect): Promise<Fields> {
  const instance = await lockRealm(tx, call, input);
  const state = await readCycle(tx, call, instance);
  const ledger = afterDisable(state.ledger, state.facts, 'realm', { at: tx.now, dialect });
  await disableObject(tx, { kind: 'instance', id: instance.id });
  await writeCycle(tx, call, instance, ledger, state.witness);
  return { status: disabledStatus };
}

async function disableUserIn(tx: Unit, call: NecCall, input: UserKey, dialect: Dialect): Promise<Fields> {
  const instance = await lockRealm(tx, call, input);
  const membership = await needUser(tx, call, instance, input);
  const state = await readCycle(tx, call, instance);
  const ledger = afterDisable(state.ledger, state.facts, 'user', { at: tx.now, dialect });
  await disableMembership(tx, { id: membership.id, reason: 'disabled by the marketplace' });
  await writeCycle(tx, call, instance, ledger, state.witness || membership.id);
  await markUser(tx, call, instance, membership, ledger.cycle);
  return { status: disabledStatus };
}

async function enableRealmIn(tx: Unit, call: NecCall, input: RealmKey, dialect: Dialect): Promise<Fields> {
  const instance = await lockRealm(tx, call, input);
  const state = await readCycle(tx, call, instance);
  const decision = judgeRealmEnable(state.ledger, state.facts, dialect, call.settings.lenientEnable);
  return applyEnable(tx, call, instance, state, decision, dialect, async () => {
    const { row } = await enableObject(tx, { kind: 'instance', id: instance.id });
    return { kind: 'instance', holds: row.holds };
  });
}

async function enableUserIn(tx: Unit, call: NecCall, input: UserKey, dialect: Dialect): Promise<Fields> {
  const instance = await lockRealm(tx, call, input);
  const membership = await needUser(tx, call, instance, input);
  const state = await readCycle(tx, call, instance);
  const user = await readUser(tx, call, instance, membership);
  const decision = judgeUserEnable(state.ledger, state.facts, user, dialect, call.settings.lenientEnable);
  return applyEnable(tx, call, instance, state, decision, dialect, async () => {
    const { holds } = await enableMembership(tx, { id: membership.id });
    return { kind: 'user', holds };
  });
}

/**
 * Carries an enable out, or refuses it naming the request that is missing. Where holds of others remain, the marketplace's own
 * is lifted and the answer is 7 all the same: the object is not active (design 10.7).
 */
async function applyEnable(
  tx: Unit,
  call: NecCall,
  instance: Instance,
  state: CycleState,
  decision: Decision,
  dialect: Dialect,
  enable: () => Promise<{ readonly kind: string; readonly holds: readonly Hold[] }>,
): Promise<Fields> {
  if (!decision.allowed) {
    throw new DomainError('disable_missing', { missing: requestNames[dialect][decision.missing] });
  }
  const { kind, holds } = await enable();
  await writeCycle(tx, call, instance, decision.ledger, state.witness);
  if (decision.crossed) {
    const after = { enabledBy: dialect, disabledBy: dialect === '4.2' ? '4.3' : '4.2' };
    tx.note({ objectKind: 'instance', objectId: instance.id, tenantId: instance.tenantId, after });
  }
  if (holds.length > 0) return { ...refusalFields(holdsRemain(kind, holds)), status: disabledStatus };
  return { status: call.settings.enabledStatusValues[0] };
}

const requestNames: Readonly<Record<Dialect, Readonly<Record<Target, string>>>> = {
  '4.3': { user: 'UpdateUserStatus(status=7)', realm: 'UpdateRealmStatus(status=7)' },
  '4.2': { user: 'DisableUser', realm: 'DisableRealm' },
};
