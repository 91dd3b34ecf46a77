import { expectEqual } from '../check.js';
import { nextRequestId } from '../request-id.js';
import { shown } from '../transcript.js';
import { type Account, idsFor, operationOn } from './accounts.js';
import { type OpenRequest, objectKinds } from './console.js';
import type { PrmContext } from './context.js';

export type RequestKind = 'update' | 'delete';

interface Request {
  readonly account: Account;
  readonly kind: RequestKind;
}

const decideMutation = `mutation Simulated($input: DecideApprovalInput!) {
  decideApproval(input: $input) { approval { status decisionReason decidedAt } }
}`;

const requestMutation = `mutation Simulated($input: RequestApprovalInput!) {
  requestApproval(input: $input) { approval { status kind } }
}`;

/**
 * A request that came over SOAP is answered in the console's inbox, through GraphQL; over SOAP where there is no way into GraphQL.
 */
export async function answerInConsole(
  context: PrmContext,
  { account, kind }: Request,
  { approve, reason }: { readonly approve: boolean; readonly reason: string },
): Promise<void> {
  const { console, transcript, op } = context;
  const verb = approve ? 'approves' : 'disapproves';
  if (typeof console === 'string') {
    transcript.skip(`the operator ${verb} in the console’s inbox`, console);
    await answerOverSoap(context, { account, kind }, approve, `the operator ${verb} over SOAP instead`);
    return;
  }
  let request: OpenRequest | undefined;
  await transcript.step('the request is in the console’s inbox, with what is proposed', async () => {
    request = await console.openRequestOf(account);
    const differences = expectEqual('its kind', request.kind, kind.toUpperCase());
    return { seen: `${request.kind}, ${request.proposed}`, differences };
  });
  await transcript.step(`the operator ${verb} there, with a reason`, async () => {
    const { id, version } = request!;
    const input = { id, expectedVersion: version, approve, reason, idempotencyKey: nextRequestId() };
    const { decideApproval } = await console.graphql.query<{
      decideApproval: { approval: { status: string; decisionReason: string } | null };
    }>(decideMutation, { input });
    const { approval } = decideApproval;
    const differences = [
      ...expectEqual('the status', approval?.status, approve ? 'APPROVED' : 'DISAPPROVED'),
      ...expectEqual('the reason', approval?.decisionReason, reason),
    ];
    return { operation: 'GraphQL decideApproval', input, result: 'done', seen: shown(approval), differences };
  });
  const again = operationOn(op, kind, account, 'Res');
  const twice = { ...idsFor(op, account), response: 'APPROVE' };
  // What was approved to end is not there any more.
  const fault = kind === 'delete' && approve ? 'CommonException' : 'INVALID_STATE';
  await op.call('over SOAP there is nothing left to answer', again, twice, { fault });
}

/** The other way round: the end of an account is asked for in the console, and answered over SOAP later. */
export async function askDeletionInConsole(context: PrmContext, account: Account): Promise<void> {
  const { console, transcript, op } = context;
  const title = 'the operator asks for its end in the console';
  if (typeof console === 'string') {
    transcript.skip(title, console);
    const operation = operationOn(op, 'delete', account, 'Req');
    await op.call('the operator asks for it over SOAP instead', operation, idsFor(op, account));
    return;
  }
  await transcript.step(title, async () => {
    const id = await console.objectIdOf(account);
    const input = { id, objectKind: objectKinds[account.entity], kind: 'DELETE', idempotencyKey: nextRequestId() };
    const { requestApproval } = await console.graphql.query<{
      requestApproval: { approval: { status: string } | null };
    }>(requestMutation, { input });
    const differences = expectEqual('the status', requestApproval.approval?.status, 'OPEN');
    return { operation: 'GraphQL requestApproval', input, result: 'done', differences };
  });
}

/** `OpService.update…Res` or `delete…Res`. */
export async function answerOverSoap(
  { op }: PrmContext,
  { account, kind }: Request,
  approve: boolean,
  title: string,
): Promise<void> {
  const input = { ...idsFor(op, account), response: approve ? 'APPROVE' : 'DISAPPROVE' };
  await op.call(title, operationOn(op, kind, account, 'Res'), input);
}
