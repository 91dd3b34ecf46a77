import { cancelGroup, cancelGroupMember } from '../../../core/provisioning/index.js';
import type { Unit } from '../../../core/repositories.js';
import { second } from '../../../core/shared/clock.js';
import { isDomainError } from '../../../core/shared/errors.js';
import { billBeforeEnd } from './account/index.js';
import { actorOf } from './actor.js';
import { json, type MaestranoAnswer, type MaestranoCall, type MaestranoHandler } from './call.js';
import { liveInstance } from './live-instance.js';

/** What is still due is billed first, for as long as the marketplace waits without hurry. */
const finalBillBudget = 5 * second;

/**
 * `DELETE …/groups/:id` (spec Maestrano 1.6): the business canceled the service. The last bills go out first; what does not within
 * five seconds stays queued. Unknown groups, and those canceled before, are a success.
 */
export const cancelGroupHandler: MaestranoHandler = async (call) => {
  const { ports, channel, connection, parameters } = call;
  const groupUid = idIn(parameters, ['id', 'group_id']);
  const instanceId = await liveInstance(call, groupUid);
  if (instanceId !== undefined) await billBeforeEnd(ports, channel, connection!, instanceId, finalBillBudget);
  return answered(call, 'cancelGroup', (tx) => cancelGroup(tx, { channelId: channel.id, groupUid }));
};

/**
 * `DELETE …/groups/:group_id/users/:id` (spec Maestrano 1.6): somebody was removed from the business. The user's id may be plain or
 * virtual. Unknown ids, and somebody removed before, are a success.
 */
export const cancelGroupMemberHandler: MaestranoHandler = async (call) => {
  const { channel, parameters } = call;
  const groupUid = idIn(parameters, ['group_id']);
  const userUid = idIn(parameters, ['id', 'user_id']);
  return answered(call, 'cancelGroupMember', (tx) =>
    cancelGroupMember(tx, { channelId: channel.id, groupUid, userUid }),
  );
};

/** Platforms name the parts of their templates as they like. */
function idIn(parameters: MaestranoCall['parameters'], names: readonly string[]): string {
  const name = names.find((one) => parameters[one] !== undefined);
  if (name === undefined) throw new Error(`the path has no part named ${names.join(' or ')}`);
  return parameters[name]!;
}

async function answered(
  { ports, channel, connection, info }: MaestranoCall,
  name: string,
  work: (tx: Unit) => Promise<unknown>,
): Promise<MaestranoAnswer> {
  const { requestId, address } = info;
  const command = { name: `maestrano.${name}`, requestId, address, channelId: channel.id };
  try {
    await ports.uow.run(actorOf(channel, connection!), command, async (tx) => void (await work(tx)));
  } catch (error) {
    // an id of something that is not theirs is as unknown as any other
    if (!isDomainError(error) || error.code !== 'not_found') throw error;
  }
  return json(200, { success: true });
}
