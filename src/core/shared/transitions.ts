import { wrongState } from './checks.js';
import { DomainError } from './errors.js';
import { type Lifecycle, type LifecycleState, stateOf } from './lifecycle.js';

/** What can be asked of a tenant, application or instance that has a state (docs/glossary.md, Approval). */
export const moves = [
  'approveRegistration',
  'disapproveRegistration',
  'requestUpdate',
  'approveUpdate',
  'disapproveUpdate',
  'readUpdate',
  'update',
  'activate',
  'deactivate',
  'requestDeletion',
  'approveDeletion',
  'disapproveDeletion',
  'lock',
  'unlock',
] as const;
export type Move = (typeof moves)[number];

type Row = Readonly<Partial<Record<LifecycleState, LifecycleState>>>;

/**
 * The one transition table: from which state each move is allowed, and where it leads; every other cell is `wrong_state`.
 * From PRM guide 4.0 figure 3-2 and its operations; docs/protocols/prm.md says which cells are stated and which are read into it.
 */
export const transitions: Readonly<Record<Move, Row>> = {
  approveRegistration: { REGISTERED: 'ACTIVE' },
  disapproveRegistration: { REGISTERED: 'TERMINATED' },
  requestUpdate: { ACTIVE: 'UPDATE_PENDING' },
  approveUpdate: { UPDATE_PENDING: 'ACTIVE' },
  disapproveUpdate: { UPDATE_PENDING: 'ACTIVE' },
  readUpdate: { UPDATE_PENDING: 'UPDATE_PENDING' },
  update: { REGISTERED: 'REGISTERED', ACTIVE: 'ACTIVE', INACTIVE: 'INACTIVE', LOCKED: 'LOCKED' },
  activate: { INACTIVE: 'ACTIVE' },
  deactivate: { ACTIVE: 'INACTIVE' },
  requestDeletion: { INACTIVE: 'DELETE_PENDING' },
  approveDeletion: { DELETE_PENDING: 'TERMINATED' },
  disapproveDeletion: { DELETE_PENDING: 'INACTIVE' },
  lock: { ACTIVE: 'LOCKED', UPDATE_PENDING: 'LOCKED' },
  unlock: { LOCKED: 'ACTIVE' },
};

/**
 * Throws `wrong_state`, naming the state, unless the table has the cell; `approval_open` for an update of what another authority
 * holds while a request for an update waits: the answer would be about something else.
 */
export function checkMove(kind: string, object: Lifecycle, move: Move): void {
  const waiting = object.pending === 'update' && stateOf(object) === 'INACTIVE';
  if (move === 'update' && waiting) throw new DomainError('approval_open', { kind, state: stateOf(object) });
  if (transitions[move][stateOf(object)] === undefined) throw wrongState(kind, object, words[move]);
}

/**
 * The same for answers to a request that is open: holds another authority put meanwhile do not close it, and the object stays
 * under them whatever the answer is.
 */
export function checkAnswer(kind: string, object: Lifecycle, move: Move): void {
  const beneath = object.pending === 'update' ? { ...object, holds: [] } : object;
  if (transitions[move][stateOf(beneath)] === undefined) throw wrongState(kind, object, words[move]);
}

const words: Readonly<Record<Move, string>> = {
  approveRegistration: 'approving a registration',
  disapproveRegistration: 'disapproving a registration',
  requestUpdate: 'update request',
  approveUpdate: 'approving an update',
  disapproveUpdate: 'disapproving an update',
  readUpdate: 'reading a pending update',
  update: 'update',
  activate: 'activation',
  deactivate: 'deactivation',
  requestDeletion: 'delete request',
  approveDeletion: 'approving a deletion',
  disapproveDeletion: 'disapproving a deletion',
  lock: 'lock',
  unlock: 'unlock',
};
