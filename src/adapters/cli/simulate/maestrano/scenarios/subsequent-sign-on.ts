import { expectEqual } from '../../check.js';
import type { MaestranoScenario } from '../context.js';
import { idOf, look, seatsIn } from '../looks.js';
import { newCompany } from '../people.js';
import { visitor } from '../visit.js';

/** Checklist 1.3.1: the same uid is the same user, with what the marketplace says now. */
export const subsequentSignOn: MaestranoScenario = {
  about: 'the same person signs on again after they changed their name and role: the same user, brought up to date',
  async run(context) {
    const { graphql, first } = context;
    const company = newCompany(context, 'so');
    const { ben } = company.people;
    await (await visitor(context, company, 'ben')).launch('Ben signs on');
    const before = await idOf(graphql, first.channelId, 'USER', ben.uid);
    Object.assign(ben, { surname: 'Sørensen-Vidal' });
    company.group.members.set(ben.uid, 'Admin');
    await (await visitor(context, company, 'ben')).launch(
      'Ben has married and runs the company now; he signs on again',
    );
    await look(context, 'GraphQL: the same user with the new name and role', company, ({ tenant, licenses }) => {
      const own = tenant.memberships.nodes.filter(({ user }) => user?.id === before);
      return {
        seen: `${before}: ${own[0]?.user?.familyName}, ${own[0]?.roles.join(', ')}`,
        differences: [
          ...expectEqual('user', own.length > 0, true),
          ...expectEqual('people', new Set(tenant.memberships.nodes.map(({ user }) => user?.id)).size, 1),
          ...expectEqual('family name', own[0]?.user?.familyName, 'Sørensen-Vidal'),
          ...expectEqual(
            'an administrator',
            own.some(({ roles }) => roles.includes('ADMIN')),
            true,
          ),
          ...expectEqual('seats', seatsIn({ licenses }), 1),
        ],
      };
    });
  },
};
