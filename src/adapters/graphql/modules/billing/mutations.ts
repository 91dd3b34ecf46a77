import {
  cancelScheduledCommand,
  changePurchase,
  changeSubscriptionPlan,
  endSubscription,
  openSubscription,
  resumeSubscription,
  type Subscription,
  scheduleChange,
  suspendSubscription,
} from '../../../../core/billing/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { given, shown, shownAll, TargetInput } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import {
  ChangePurchaseInput,
  ChangeSubscriptionPlanInput,
  EndSubscriptionInput,
  OpenSubscriptionInput,
} from './inputs.js';
import { ChangePurchasePayload, ScheduledCommandPayload, SubscriptionPayload } from './payloads.js';

async function run({ context, change }: Call, work: (tx: Unit) => Promise<Subscription>): Promise<SubscriptionPayload> {
  return { subscription: await shown(context, 'subscriptions', await change(work)) };
}

/** Now, or what is agreed for later: whether it lies ahead is told by the unit's clock. */
async function changeOrSchedule(tx: Unit, input: ChangePurchaseInput) {
  const { effectiveAt, ...change } = given(input, { planId: undefined, quantities: [], effectiveAt: undefined });
  const { instanceId, expectedVersion, planId, quantities = [] } = change;
  const purchase = { quantities, ...(planId === undefined ? {} : { planId }) };
  if (effectiveAt === undefined || effectiveAt <= tx.now) {
    const pools = await changePurchase(tx, { instanceId, expectedVersion, ...purchase });
    return { instanceId, poolIds: pools.map((pool) => pool.id), scheduledId: null };
  }
  const later = await scheduleChange(tx, { instanceId, expectedVersion, change: purchase, dueAt: effectiveAt });
  return { instanceId, poolIds: [], scheduledId: later.id };
}

export const BillingMutations = mutationsOf('billing', {
  openSubscription: mutation(
    OpenSubscriptionInput,
    SubscriptionPayload,
    'Opens the commercial agreement for an instance or an application; it starts now.',
    (input, call) => run(call, (tx) => openSubscription(tx, given(input, { instanceId: '', trialEndsAt: null }))),
  ),
  changeSubscriptionPlan: mutation(
    ChangeSubscriptionPlanInput,
    SubscriptionPayload,
    'Moves a subscription to another plan of the same application, from now on.',
    (input, call) => run(call, (tx) => changeSubscriptionPlan(tx, input)),
  ),
  suspendSubscription: mutation(
    TargetInput,
    SubscriptionPayload,
    'Stops use and billing until resumed, as for non-payment; for whoever sells.',
    (input, call) => run(call, (tx) => suspendSubscription(tx, input)),
  ),
  resumeSubscription: mutation(
    TargetInput,
    SubscriptionPayload,
    'Lets a suspended subscription go on; for whoever sells.',
    (input, call) => run(call, (tx) => resumeSubscription(tx, input)),
  ),
  endSubscription: mutation(
    EndSubscriptionInput,
    SubscriptionPayload,
    'Ends a subscription, now or at a moment ahead.',
    (input, call) => run(call, (tx) => endSubscription(tx, input)),
  ),
  changePurchase: mutation(
    ChangePurchaseInput,
    ChangePurchasePayload,
    'Changes what was bought with an instance, now or from a moment ahead, all or nothing.',
    async (input, call) => {
      const { instanceId, poolIds, scheduledId } = await call.run((tx) => changeOrSchedule(tx, input));
      return {
        instance: await shown(call.context, 'instances', instanceId),
        licensePools: await shownAll(call.context, 'licensePools', poolIds),
        scheduledCommand: await shown(call.context, 'scheduledCommands', scheduledId),
      };
    },
  ),
  cancelScheduledCommand: mutation(
    TargetInput,
    ScheduledCommandPayload,
    'Takes back what was agreed for later; for whoever sells.',
    async (input, call) => {
      const id = await call.change((tx) => cancelScheduledCommand(tx, input));
      return { scheduledCommand: await shown(call.context, 'scheduledCommands', id) };
    },
  ),
});
