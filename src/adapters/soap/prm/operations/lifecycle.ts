import {
  activateObject,
  askApproval,
  deactivateObject,
  decideApproval,
  type LifecycleObject,
} from '../../../../core/provisioning/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { findGroup, type ServiceLevelGroup } from '../../../../core/servicelevels/index.js';
import { found, wrongState } from '../../../../core/shared/checks.js';
import { DomainError } from '../../../../core/shared/errors.js';
import { type Lifecycle, stateOf } from '../../../../core/shared/lifecycle.js';
import { checkMove } from '../../../../core/shared/transitions.js';
import { run } from '../command.js';
import type { Input, Operation, PrmCall } from '../context.js';
import {
  applicationIdOf,
  instanceIdOf,
  optional,
  providerIdOf,
  readApplication,
  readInstance,
  readProvider,
  readState,
} from '../scope.js';

export type Kind = LifecycleObject['kind'];

/** The object a message names, locked by nobody yet. */
export const idOf: Readonly<Record<Kind, (tx: Unit, call: PrmCall, input: Input) => Promise<string>>> = {
  tenant: providerIdOf,
  application: applicationIdOf,
  instance: instanceIdOf,
};

type Row = Lifecycle & { readonly id: string };
export const read: Readonly<Record<Kind, (call: PrmCall, input: Input) => Promise<Row>>> = {
  tenant: readProvider,
  application: readApplication,
  instance: readInstance,
};

export const getState =
  (kind: Kind): Operation =>
  async (input, call) =>
    stateOf(await readState(call, kind, input));

export const activate =
  (kind: Kind): Operation =>
  async (input, call) => {
    const onlyOwnHolds =
      call.actor.kind !== 'anonymous' && call.actor.tenantId !== null && !call.settings.spMayReactivate;
    const { row } = await run(call, async (tx) =>
      activateObject(tx, { kind, id: await idOf[kind](tx, call, input), onlyOwnHolds }),
    );
    // Our own hold is gone; that of another authority keeps the object where it is (docs/design.md 10.7).
    if (row.holds.length > 0) throw wrongState(kind, row, 'activation');
  };

export const deactivate =
  (kind: Kind): Operation =>
  async (input, call) => {
    await run(call, async (tx) => deactivateObject(tx, { kind, id: await idOf[kind](tx, call, input) }));
  };

export const requestUpdate =
  (kind: Kind, proposal: (input: Input, call: PrmCall) => Readonly<Record<string, unknown>>): Operation =>
  async (input, call) => {
    const proposed = proposal(input, call);
    await run(call, async (tx) =>
      askApproval(tx, { kind, id: await idOf[kind](tx, call, input), approval: 'update', proposed }),
    );
  };

export const requestDeletion =
  (kind: Kind): Operation =>
  async (input, call) => {
    await run(call, async (tx) => askApproval(tx, { kind, id: await idOf[kind](tx, call, input), approval: 'delete' }));
  };

/** The data proposed, over what it leaves as it is; only while an update waits. */
export const pendingUpdate =
  (kind: Kind, write: (row: never) => unknown): Operation =>
  async (input, call) => {
    const row = await read[kind](call, input);
    checkMove(kind, row, 'readUpdate');
    const approval = await call.ports.lookups.approvals.findOne({ openKey: row.id });
    if (approval === undefined || approval.kind !== 'update') throw wrongState(kind, row, 'reading a pending update');
    return write({ ...row, ...approval.proposed } as never);
  };

export interface AnswerFields {
  /** Field with the group's id, for the answer to a registration. */
  readonly group?: string;
  /** Field with the operator's own reference. */
  readonly reference?: string;
}

/** An operator's answer to the request that is open; with none of this kind open the state is wrong for it. */
export const answer =
  (kind: Kind, approval: 'register' | 'update' | 'delete', fields: AnswerFields = {}): Operation =>
  async (input, call) => {
    const approve = input.response === 'APPROVE';
    await run(call, async (tx) => {
      const id = await idOf[kind](tx, call, input);
      const open = await tx.approvals.findOne({ openKey: id });
      if (open?.kind !== approval) throw await noRequest(tx, kind, id, approval);
      const operatorReference = fields.reference === undefined ? undefined : optional(input, fields.reference);
      const group =
        approve && fields.group !== undefined ? await groupIn(tx, call, kind, input[fields.group]) : undefined;
      await decideApproval(tx, {
        id: open.id,
        approve,
        ...(approve && operatorReference !== undefined && { operatorReference }),
        ...(group && { serviceLevelGroupId: group.id }),
      });
    });
  };

function groupIn(tx: Unit, call: PrmCall, kind: Kind, key: unknown): Promise<ServiceLevelGroup> {
  if (kind === 'instance') throw new TypeError('instances are in no group');
  return findGroup(tx, { channelId: call.channel.id, memberKind: kind, key: String(key) });
}

const requests = {
  register: 'a registration',
  update: 'a request for an update',
  delete: 'a request for deletion',
} as const;

async function noRequest(tx: Unit, kind: Kind, id: string, approval: keyof typeof requests): Promise<DomainError> {
  const rows = { tenant: tx.tenants, application: tx.applications, instance: tx.instances };
  const row: Lifecycle = found(kind, await rows[kind].find(id));
  return new DomainError('wrong_state', { kind, state: stateOf(row), command: `answering ${requests[approval]}` });
}
