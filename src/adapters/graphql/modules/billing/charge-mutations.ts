import {
  addCharge,
  type Charge,
  cancelCharge,
  changeTrial,
  retryCharge,
  settleCharge,
} from '../../../../core/billing/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { invalid } from '../../../../core/shared/errors.js';
import { given, shown, TargetInput } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { AddChargeInput, ChangeSubscriptionTrialInput, SettleChargeInput } from './charge-inputs.js';
import { ChargePayload, SubscriptionPayload } from './payloads.js';

async function run({ context, change }: Call, work: (tx: Unit) => Promise<Charge>): Promise<ChargePayload> {
  return { charge: await shown(context, 'charges', await change(work)) };
}

/** A null says no more than leaving it out. */
const absent = {
  subscriptionId: '',
  instanceId: '',
  tenantId: '',
  currency: '',
  units: '1',
  periodStartsAt: null,
  periodEndsAt: null,
  thirdParty: false,
};

export const ChargeMutations = mutationsOf('billing', {
  addCharge: mutation(
    AddChargeInput,
    ChargePayload,
    'Charges an amount once; for whoever sells. Where a marketplace bills it is sent there.',
    (input, call) => run(call, (tx) => addCharge(tx, given(input, absent))),
  ),
  cancelCharge: mutation(
    TargetInput,
    ChargePayload,
    'Withdraws a charge, and takes its bill back where there is one; for whoever sells. Recurring ones follow their subscription.',
    (input, call) => run(call, (tx) => cancelCharge(tx, input)),
  ),
  retryCharge: mutation(
    TargetInput,
    ChargePayload,
    'Lets a charge be sent again that was refused or could not be billed, or that waits; for whoever sells.',
    (input, call) => run(call, (tx) => retryCharge(tx, input)),
  ),
  settleCharge: mutation(
    SettleChargeInput,
    ChargePayload,
    'Records that a charge no marketplace billed was billed elsewhere; for whoever sells.',
    (input, call) => run(call, (tx) => settleCharge(tx, input)),
  ),
  changeSubscriptionTrial: mutation(
    ChangeSubscriptionTrialInput,
    SubscriptionPayload,
    'Moves the end of a trial; for whoever sells. Time that was billed cannot become a trial again.',
    async (input, call) => {
      const { id, expectedVersion, trialEndsAt } = input;
      if (trialEndsAt === undefined) throw invalid('trialEndsAt', 'must be given; null for no trial');
      const changed = await call.change((tx) => changeTrial(tx, { id, expectedVersion, trialEndsAt }));
      return { subscription: await shown(call.context, 'subscriptions', changed) };
    },
  ),
});
