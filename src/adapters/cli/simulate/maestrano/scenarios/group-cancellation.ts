import { expectEqual } from '../../check.js';
import type { MaestranoScenario } from '../context.js';
import { eventually, look, says, seatsIn } from '../looks.js';
import { newCompany } from '../people.js';
import { visitor } from '../visit.js';
import { hasStandingBill, standing } from './billing-set-up.js';

/** Checklist 2.2.1, the company. */
export const groupCancellation: MaestranoScenario = {
  about:
    'a company cancels: the subscription ends, everybody is signed out, nothing recurs; saying it again changes nothing',
  async run(context) {
    const { local } = context;
    const company = newCompany(context, 'gc');
    const { group, marketplace } = company;
    const ada = await visitor(context, company, 'ada');
    await ada.launch('Ada signs on');
    const ben = await visitor(context, company, 'ben');
    await ben.launch('so does Ben');
    await hasStandingBill(context, 'the company is to be billed', company, 2);
    const path = { group: group.uid };
    const success = { status: 200, text: /"success"\s*:\s*true/ };
    await says(
      context,
      'the company cancels the service',
      'DELETE group',
      path,
      () => local.desk.cancelGroup(company),
      success,
    );
    await ada.isSignedOut('Ada’s next click is signed out');
    await ben.isSignedOut('and Ben’s');
    await look(
      context,
      'GraphQL: the subscription has ended, and the instance',
      company,
      ({ state, tenant, subscriptions, licenses }) => ({
        seen: `${state}, ${subscriptions.nodes.map(({ status }) => status).join()}, seats: ${seatsIn({ licenses })}`,
        differences: [
          ...expectEqual('instance', state, 'TERMINATED'),
          ...expectEqual('tenant', tenant.state, 'TERMINATED'),
          ...expectEqual('subscriptions', subscriptions.nodes.map(({ status }) => status).join(), 'ENDED'),
          ...expectEqual('seats', seatsIn({ licenses }), 0),
        ],
      }),
    );
    await eventually(context, 'no recurring bill is left standing', () => ({
      differences: expectEqual('standing bills', standing(company).length, 0),
    }));
    await says(
      context,
      'the marketplace says it again',
      'DELETE group',
      path,
      () => local.hub.cancelGroup(marketplace, group.uid),
      success,
    );
    const unknown = `cld-${context.stamp}-nobody`;
    await says(
      context,
      'and of a company nobody knows',
      'DELETE group',
      { group: unknown },
      () => local.hub.cancelGroup(marketplace, unknown),
      success,
    );
    local.desk.buyAgain(company);
    await (await visitor(context, company, 'ada')).launch('the company buys again: Ada signs on');
    await look(
      context,
      'GraphQL: the same company with a new subscription',
      company,
      ({ state, tenant, subscriptions }) => ({
        seen: `${tenant.name}: ${subscriptions.nodes.map(({ status }) => status).join(', ')}`,
        differences: [
          ...expectEqual('instance', state, 'ACTIVE'),
          ...expectEqual(
            'subscriptions',
            subscriptions.nodes
              .map(({ status }) => status)
              .sort()
              .join(),
            'ACTIVE,ENDED',
          ),
        ],
      }),
    );
  },
};
