import { expectEqual } from '../../check.js';
import type { MaestranoScenario } from '../context.js';
import { look, peopleIn, says, seatsIn } from '../looks.js';
import { newCompany } from '../people.js';
import { visitor } from '../visit.js';
import { hasStandingBill } from './billing-set-up.js';

/** Checklist 2.2.1, a person. */
export const userCancellation: MaestranoScenario = {
  about: 'a company takes a person out: their access ends, the seat and its price go',
  async run(context) {
    const { local } = context;
    const company = newCompany(context, 'uc');
    const { group, marketplace, people } = company;
    const ada = await visitor(context, company, 'ada');
    await ada.launch('Ada signs on');
    const ben = await visitor(context, company, 'ben');
    await ben.launch('so does Ben');
    await hasStandingBill(context, 'two seats are to be billed', company, 2);
    const path = { group: group.uid, user: people.ben.uid };
    const success = { status: 200, text: /"success"\s*:\s*true/ };
    await says(
      context,
      'Ben is taken out',
      'DELETE user',
      path,
      () => local.desk.cancelMember(company, people.ben.uid),
      success,
    );
    await ben.isSignedOut('his next click is signed out');
    await context.transcript.step('Ada is still in', async () => ({
      differences: typeof context.app === 'string' ? [] : expectEqual('signed in', await ada.isIn(), true),
    }));
    await look(context, 'GraphQL: one person and one seat are left', company, (shown) => ({
      seen: `people: ${peopleIn(shown)}, seats: ${seatsIn(shown)}`,
      differences: [...expectEqual('seats', seatsIn(shown), 1), ...expectEqual('people', peopleIn(shown), 1)],
    }));
    await hasStandingBill(context, 'one seat is to be billed', company, 1);
    await says(
      context,
      'the marketplace says it again',
      'DELETE user',
      path,
      () => local.hub.cancelMember(marketplace, group.uid, people.ben.uid),
      success,
    );
    const virtual = { ...path, user: `${people.ben.uid}.${group.uid}` };
    await says(
      context,
      'and by the virtual uid',
      'DELETE user',
      virtual,
      () => local.hub.cancelMember(marketplace, group.uid, virtual.user),
      success,
    );
    await ben.launch('Ben tries again: the marketplace lets him in nowhere', {
      check: ({ url }) => expectEqual('where he comes to', new URL(url).pathname, '/app_access_unauthorized'),
    });
  },
};
