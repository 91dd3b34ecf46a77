import { addCharge } from '../../../src/core/billing/index.js';
import { day, shift } from '../../../src/core/shared/clock.js';
import type { MutationCase } from './mutation-cases.js';
import type { Stage } from './stage.js';

function charge({ unit, tenant }: Stage) {
  return unit((tx) => addCharge(tx, { tenantId: tenant.id, amount: '250', currency: 'EUR', description: 'Training' }));
}

export const chargeCases: readonly MutationCase[] = [
  {
    mutation: 'addCharge',
    right: 'seller',
    input: ({ instance }) => ({ instanceId: instance.id, amount: '250', units: '1.50', description: 'Training' }),
    payload: 'charge { id }',
    effect: [
      'charge',
      'kind status price { amount currency } amount { amount } offset { amount } units thirdParty subscription { id }',
      {
        kind: 'AD_HOC',
        status: 'DUE',
        price: { amount: '250', currency: 'EUR' },
        amount: { amount: '375' },
        offset: { amount: '0' },
        units: '1.50',
        thirdParty: false,
        subscription: { id: expect.any(String) },
      },
    ],
  },
  {
    mutation: 'cancelCharge',
    right: 'seller',
    input: async (stage) => ({ id: (await charge(stage)).id, expectedVersion: 1 }),
    payload: 'charge { id }',
    effect: ['charge', 'status cancelDueAt', { status: 'CANCELED', cancelDueAt: null }],
  },
  {
    mutation: 'retryCharge',
    right: 'seller',
    input: async (stage) => {
      const { channel, unit } = stage;
      const { id } = await charge(stage);
      await unit(async (tx) => {
        const refused = (await tx.charges.lock(id))!;
        return tx.charges.save(refused, { channelId: channel.id, status: 'REFUSED', failure: 'no group' });
      });
      return { id };
    },
    payload: 'charge { id }',
    effect: ['charge', 'status failure', { status: 'DUE', failure: '' }],
  },
  {
    mutation: 'settleCharge',
    right: 'seller',
    input: async (stage) => ({ id: (await charge(stage)).id, externalId: 'invoice 7' }),
    payload: 'charge { id }',
    effect: ['charge', 'status externalId', { status: 'SETTLED', externalId: 'invoice 7' }],
  },
  {
    mutation: 'changeSubscriptionTrial',
    right: 'seller',
    input: ({ subscription: { id }, db }) => ({ id, expectedVersion: 1, trialEndsAt: shift(db.clock.now(), day) }),
    payload: 'subscription { id }',
    effect: ['subscription', 'inTrial', { inTrial: true }],
  },
];
