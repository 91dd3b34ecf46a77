import { expectEqual } from '../../check.js';
import type { MaestranoScenario } from '../context.js';
import { look, seatsIn } from '../looks.js';
import { newCompany } from '../people.js';
import { visitor } from '../visit.js';

/** Checklist 1.2.2 and 1.2.3: whoever follows joins the company that is there. */
export const userKnownCompany: MaestranoScenario = {
  about: 'a second person of the same company signs on: another user, no other company',
  async run(context) {
    const company = newCompany(context, 'kc');
    await (await visitor(context, company, 'ada')).launch('Ada signs on first');
    await (await visitor(context, company, 'ben')).launch('Ben follows, in a browser of his own');
    await look(
      context,
      'GraphQL: one company with both, a seat each',
      company,
      ({ tenant, licenses, subscriptions }) => {
        const people = new Map(tenant.memberships.nodes.map(({ user, roles }) => [user?.givenName, roles]));
        return {
          seen: [...people].map(([name, roles]) => `${name}: ${roles.join(', ')}`).join('; '),
          differences: [
            ...expectEqual('people', [...people.keys()].sort().join(), 'Ada,Ben'),
            ...expectEqual('Ben is', people.get('Ben')?.join(), 'MEMBER'),
            ...expectEqual('seats', seatsIn({ licenses }), 2),
            ...expectEqual('subscriptions', subscriptions.nodes.length, 1),
          ],
        };
      },
    );
  },
};
