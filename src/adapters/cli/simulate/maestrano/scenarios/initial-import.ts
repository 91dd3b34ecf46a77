import { expectEqual } from '../../check.js';
import type { MaestranoScenario } from '../context.js';
import { createRecord } from '../local/connec/records.js';
import { look, seatsIn } from '../looks.js';
import { newCompany } from '../people.js';
import { visitor } from '../visit.js';

const people = 7;
const pageSize = 3;

/** Checklist 3.1.1. */
export const initialImport: MaestranoScenario = {
  about: 'what a company has in Connec! comes with its first sign-on, page by page',
  async run(context) {
    const { local, transcript } = context;
    const company = newCompany(context, 'im');
    const { marketplace, group } = company;
    await transcript.step(`the company has ${people} people and a customer in Connec! already`, async () => {
      for (let number = 1; number <= people; number += 1) {
        const email = { address: `person-${number}@${group.uid}.example` };
        createRecord(
          marketplace,
          group,
          'people',
          { first_name: `Person ${number}`, last_name: 'Imported', email },
          local.now(),
        );
      }
      createRecord(marketplace, group, 'organizations', { name: 'Lighthouse Café' }, local.now());
      return { seen: `${pageSize} on a page` };
    });
    local.control.pageSize = pageSize;
    await (await visitor(context, company, 'ada')).launch('Ada signs on first');
    await look(
      context,
      'GraphQL: all of them are people of the company, without a seat',
      company,
      ({ tenant, licenses }) => {
        const imported = tenant.memberships.nodes.filter(({ user }) => user?.familyName === 'Imported');
        return {
          seen: imported.map(({ user }) => user?.givenName).join(', '),
          differences: [
            ...expectEqual('people imported', imported.length, people),
            ...expectEqual('their role', [...new Set(imported.flatMap(({ roles }) => roles))].join(), 'VIEWER'),
            ...expectEqual('seats', seatsIn({ licenses }), 1),
          ],
        };
      },
    );
    await transcript.step('the hub asked for every page', async () => {
      local.control.pageSize = 100;
      const pages = local.calls.filter(
        ({ method, path }) => method === 'GET' && path.startsWith(`/api/v2/${group.uid}/people?`),
      );
      const skips = new Set(pages.map(({ path }) => new URL(path, local.url).searchParams.get('$skip') ?? '0'));
      const wanted = [0, 3, 6].filter((skip) => !skips.has(String(skip)));
      return {
        seen: pages.map(({ path }) => path).join(' '),
        differences: wanted.map((skip) => `nobody asked for what follows ${skip}`),
      };
    });
  },
};
