import { second, shift } from '../../../../../core/shared/clock.js';
import { expectEqual } from '../../check.js';
import type { MaestranoContext, MaestranoScenario } from '../context.js';
import type { RecurringBill } from '../local/model.js';
import { eventually, look } from '../looks.js';
import { type Company, newCompany } from '../people.js';
import { goods } from '../sandbox.js';
import { visitor } from '../visit.js';

/** Checklist 2.1.1: nothing is billed before the trial ends. */
export const billingSetUp: MaestranoScenario = {
  about: 'the subscription becomes a recurring bill that begins when the trial ends, and follows the seats',
  async run(context) {
    const company = newCompany(context, 'bs');
    await (await visitor(context, company, 'ada')).launch('Ada signs on; the company is in its trial');
    await hasStandingBill(
      context,
      'one recurring bill stands at the marketplace, for one seat, from the end of the trial on',
      company,
      1,
    );
    await (await visitor(context, company, 'ben')).launch('Ben needs a second seat');
    await hasStandingBill(context, 'the bill is replaced by one for two, still not before the trial ends', company, 2);
    await look(context, 'GraphQL: the charge the bill was made from', company, ({ charges, subscription }) => {
      const open = charges.nodes.filter(({ kind, status }) => kind === 'RECURRING' && status === 'SUBMITTED');
      const [bill] = standing(company);
      return {
        seen: `${open[0]?.price.amount} ${open[0]?.price.currency} from ${open[0]?.startsAt}, billed as ${open[0]?.externalId}`,
        differences: [
          ...expectEqual('recurring charges', open.length, 1),
          ...expectEqual('price', open[0]?.price.amount, 2 * goods.amount),
          ...expectEqual('its bill', open[0]?.externalId, bill?.id),
          ...expectEqual('begins with the end of the trial', open[0]?.startsAt, subscription?.trialEndsAt),
        ],
      };
    });
    await context.transcript.step('no bill of the company is dated before the end of its trial', async () => {
      const { group, marketplace } = company;
      const early = [...marketplace.bills.values()].filter(({ groupUid }) => groupUid === group.uid);
      return { seen: `${early.length} bills`, differences: expectEqual('bills before that', early.length, 0) };
    });
  },
};

/** Recurring bills of the company that bill or will. */
export function standing({ marketplace, group }: Company): RecurringBill[] {
  return [...marketplace.recurringBills.values()].filter(
    ({ groupUid, status }) => groupUid === group.uid && (status === 'submitted' || status === 'active'),
  );
}

/** One step: there is one standing bill, for so many seats, that does not begin before the trial ends. */
export function hasStandingBill(
  context: MaestranoContext,
  title: string,
  company: Company,
  seats: number,
): Promise<void> {
  return eventually(context, title, () => {
    const bills = standing(company);
    const [bill] = bills;
    return {
      operation: 'recurring_bills',
      input: { group_id: company.group.uid },
      seen: `${bill?.priceCents} ${bill?.currency} every ${bill?.period} from ${bill?.startDate}: ${bill?.description}`,
      differences: [
        ...expectEqual('standing bills', bills.length, 1),
        ...expectEqual('price', bill?.priceCents, seats * goods.amount),
        ...expectEqual('currency', bill?.currency, goods.currency),
        ...expectEqual('period', bill?.period, 'Month'),
        // Whole seconds travel.
        ...expectEqual(
          'before the trial ends',
          (bill?.startDate ?? '') < shift(company.group.freeTrialEndAt, -second),
          false,
        ),
      ],
    };
  });
}
