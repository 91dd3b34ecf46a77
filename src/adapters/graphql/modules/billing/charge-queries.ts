import { FieldResolver, Resolver, Root } from 'type-graphql';
import { amountOf } from '../../../../core/billing/index.js';
import type { ChargeView } from '../../../../core/readers.js';
import { MoneyType } from '../catalog/types.js';
import { lists } from '../lists.js';
import { relationsOf, rootsOf } from '../reading.js';
import { ChargeType } from './charge-types.js';

@Resolver(() => ChargeType)
class ChargeFields {
  @FieldResolver(() => MoneyType, {
    description: 'Of one unit; of a whole period with all seats when recurring; negative for a credit.',
  })
  price(@Root() { priceMinor, currency }: ChargeView): MoneyType {
    return { amount: priceMinor, currency };
  }

  @FieldResolver(() => MoneyType, {
    description: 'What earlier credits paid of the price; of a credit, what of it was used up. Never negative.',
  })
  offset(@Root() { offsetMinor, currency }: ChargeView): MoneyType {
    return { amount: offsetMinor, currency };
  }

  @FieldResolver(() => MoneyType, {
    description: 'What is billed in all, without what was offset; what is left of a credit, negative.',
  })
  amount(@Root() charge: ChargeView): MoneyType {
    return { amount: amountOf(charge), currency: charge.currency };
  }
}

export const chargeQueries = [
  rootsOf('charge', 'charges', lists.charges, 'Amounts to be billed'),
  ChargeFields,
  relationsOf<ChargeView>(ChargeType, {
    one: {
      tenant: [lists.tenants, (charge) => charge.tenantId, 'Who pays.'],
      subscription: [
        lists.subscriptions,
        (charge) => charge.subscriptionId,
        'The agreement it belongs to; null when it is for none in particular.',
      ],
      instance: [lists.instances, (charge) => charge.instanceId, 'The instance it is for; null when it is for none.'],
      channel: [
        lists.channels,
        (charge) => charge.channelId,
        'The channel whose marketplace bills it; null when nobody does by themselves.',
      ],
    },
    many: {
      journal: [lists.journal, 'objectId', 'What happened to it.'],
    },
  }),
];
