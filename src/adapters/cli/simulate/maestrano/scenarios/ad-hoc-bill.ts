import { expectEqual } from '../../check.js';
import type { MaestranoScenario } from '../context.js';
import { eventually, look, seeCompany } from '../looks.js';
import { newCompany } from '../people.js';
import { visitor } from '../visit.js';

const addCharge = `mutation Simulated($input: AddChargeInput!) { addCharge(input: $input) { charge { id status } } }`;

/** Checklist 2.1.2: exactly one bill, whatever happens to the answer. */
export const adHocBill: MaestranoScenario = {
  about: 'a one-off charge becomes exactly one bill, also when the answer of the marketplace is lost',
  async run(context) {
    const { graphql, local, transcript } = context;
    const company = newCompany(context, 'ah', { trialDays: -1 });
    const { marketplace, group } = company;
    await (await visitor(context, company, 'ada')).launch('Ada signs on');
    const { id: instanceId } = await seeCompany(context, company);
    const billsOf = (chargeId: string) =>
      [...marketplace.bills.values()].filter(
        (bill) => bill.groupUid === group.uid && bill.description.includes(chargeId),
      );

    const charge = async (title: string, description: string): Promise<string> => {
      let id = '';
      await transcript.step(title, async () => {
        const input = { instanceId, amount: '1500', units: '3', description, thirdParty: true };
        const made = await graphql.query<{ addCharge: { charge: { id: string; status: string } } }>(addCharge, {
          input,
        });
        id = made.addCharge.charge.id;
        return { operation: 'GraphQL addCharge', input, result: made.addCharge.charge.status, seen: id };
      });
      return id;
    };

    const first = await charge('a pack of messages is charged', 'SMS pack');
    await eventually(context, 'the marketplace has one bill for it, with units and without commission', () => {
      const bills = billsOf(first);
      return {
        seen: bills.map(({ id, description }) => `${id}: ${description}`).join('; '),
        differences: [
          ...expectEqual('bills', bills.length, 1),
          ...expectEqual('price', bills[0]?.priceCents, 1500),
          ...expectEqual('units', bills[0]?.units, 3),
          ...expectEqual('third party', bills[0]?.thirdParty, true),
        ],
      };
    });

    let lost = 0;
    local.control.fail = ({ area, method, path }) => {
      if (area !== 'account' || method !== 'POST' || !path.endsWith('/bills') || lost > 0) return undefined;
      lost += 1;
      return { kind: 'cutAfter' };
    };
    const second = await charge(
      'another one; the marketplace takes it, and the connection breaks before it answers',
      'SMS pack, large',
    );
    await look(context, 'GraphQL: the charge is submitted, with the id of the bill', company, ({ charges }) => {
      const shown = charges.nodes.find(({ id }) => id === second);
      return {
        seen: `${shown?.status}, bill ${shown?.externalId || 'none'} ${shown?.failure ?? ''}`,
        differences: [
          ...expectEqual('answers lost', lost, 1),
          ...expectEqual('status', shown?.status, 'SUBMITTED'),
          ...expectEqual('bill', shown?.externalId, billsOf(second).find(({ status }) => status !== 'cancelled')?.id),
        ],
      };
    });
    await transcript.step('the marketplace has one bill for it, not two', async () => {
      local.control.fail = () => undefined;
      const bills = billsOf(second);
      return { seen: bills.map(({ id }) => id).join(), differences: expectEqual('bills', bills.length, 1) };
    });
  },
};
