import type { Registered } from '../../../../core/readers.js';
import { notFound } from '../../../../core/shared/errors.js';
import { stateOf } from '../../../../core/shared/lifecycle.js';
import type { Input, Operation, PrmCall } from '../context.js';
import { need, optional, ownProviderId } from '../scope.js';

/** Without a state all of them. */
function inState<R extends Registered>(rows: readonly R[], input: Input): R[] {
  const wanted = optional(input, 'state');
  return rows.filter((row) => wanted === undefined || stateOf(row.lifecycle) === wanted);
}

const registry = (call: PrmCall) => call.ports.readers.registry;

export const listProviders: Operation = async (input, call) =>
  inState(await registry(call).providers(call.channel.id), input).map((row) => row.providerId);

export const listApplications: Operation = async (input, call) => {
  const providerId = await knownProvider(call, optional(input, 'spAccountId'));
  const rows = await registry(call).applications(call.channel.id, { providerId });
  return inState(rows, input).map((row) => ({ spAccountId: row.providerId, appAccountId: row.applicationId }));
};

export const listOwnApplications: Operation = async (input, call) => {
  const providerId = await ownProviderId(call);
  const rows = await registry(call).applications(call.channel.id, { providerId });
  return inState(rows, input).map((row) => row.applicationId);
};

/** An application's id alone names the applications of that id of all providers. */
export const listInstances: Operation = async (input, call) => {
  const providerId = await knownProvider(call, optional(input, 'spAccountId'));
  const applicationId = optional(input, 'appAccountId');
  if (providerId !== undefined && applicationId !== undefined) await knownApplication(call, providerId, applicationId);
  const rows = await registry(call).instances(call.channel.id, { providerId, applicationId });
  return inState(rows, input).map((row) => ({
    spAccountId: row.providerId,
    appAccountId: row.applicationId,
    appInstGroupId: row.instanceId,
  }));
};

export const listOwnInstances: Operation = async (input, call) => {
  const [providerId, applicationId] = [await ownProviderId(call), need(input, 'appAccountId')];
  await knownApplication(call, providerId, applicationId);
  const rows = await registry(call).instances(call.channel.id, { providerId, applicationId });
  return inState(rows, input).map((row) => row.instanceId);
};

async function knownProvider(call: PrmCall, providerId: string | undefined): Promise<string | undefined> {
  if (providerId !== undefined && (await registry(call).provider(call.channel.id, providerId)) === null) {
    throw notFound('tenant');
  }
  return providerId;
}

async function knownApplication(call: PrmCall, providerId: string, applicationId: string): Promise<void> {
  if ((await registry(call).application(call.channel.id, providerId, applicationId)) === null) {
    throw notFound('application');
  }
}
