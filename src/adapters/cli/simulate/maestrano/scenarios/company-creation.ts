import { expectEqual } from '../../check.js';
import type { MaestranoScenario } from '../context.js';
import { look, seatsIn } from '../looks.js';
import { newCompany } from '../people.js';
import { visitor } from '../visit.js';

/** Checklist 1.2.1: an unknown group becomes a company here, named after it. */
export const companyCreation: MaestranoScenario = {
  about: 'somebody of a company nobody knows signs on: the company is made, with its trial',
  async run(context) {
    const company = newCompany(context, 'cc', { name: 'Größe & Söhne 株式会社' });
    const ada = await visitor(context, company, 'ada');
    await ada.launch('Ada launches the application and is in, without a password');
    await look(
      context,
      'GraphQL: a company named after the group, in its trial',
      company,
      ({ tenant, state, subscription }) => ({
        seen: `${tenant.name}, ${state}, free until ${subscription?.trialEndsAt}`,
        differences: [
          ...expectEqual('name', tenant.name, company.group.name),
          ...expectEqual('state', state, 'ACTIVE'),
          ...expectEqual('subscription', subscription?.status, 'ACTIVE'),
          ...expectEqual('trial', subscription?.trialEndsAt?.slice(0, 19), company.group.freeTrialEndAt.slice(0, 19)),
          ...expectEqual('time zone', tenant.timeZone, company.group.timeZone),
        ],
      }),
    );
    await look(context, 'GraphQL: Ada owns it and has a seat', company, ({ tenant, licenses }) => {
      const [member] = tenant.memberships.nodes;
      return {
        seen: `${member?.user?.givenName} ${member?.user?.familyName}: ${member?.roles.join(', ')}`,
        differences: [
          ...expectEqual('members', new Set(tenant.memberships.nodes.map(({ user }) => user?.id)).size, 1),
          ...expectEqual(
            'roles',
            tenant.memberships.nodes.some(({ roles }) => roles.includes('OWNER')),
            true,
          ),
          ...expectEqual('seats', seatsIn({ licenses }), 1),
        ],
      };
    });
  },
};
