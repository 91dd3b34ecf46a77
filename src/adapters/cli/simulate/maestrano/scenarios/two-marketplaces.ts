import { expectEqual } from '../../check.js';
import type { MaestranoScenario } from '../context.js';
import { look, says, seeCompany } from '../looks.js';
import { newCompany } from '../people.js';
import { visitor } from '../visit.js';

/** Checklist 4: equal uids of two marketplaces have nothing to do with each other. */
export const twoMarketplaces: MaestranoScenario = {
  about: 'two marketplaces with the same uids: two companies, two people, and one can leave without the other',
  async run(context) {
    const { local, transcript, first, second } = context;
    const here = newCompany(context, 'tm', { name: 'First Bakery' });
    const there = newCompany(context, 'tm', { at: second, name: 'Second Bakery' });
    const ada = await visitor(context, here, 'ada');
    await ada.launch(`Ada of ${first.marketplace.title} signs on`);
    const namesake = await visitor(context, there, 'ada');
    await namesake.launch(`another Ada, with the same uid, comes from ${second.marketplace.title}`);
    await transcript.step('GraphQL: two companies and two people', async () => {
      const [one, other] = [await seeCompany(context, here), await seeCompany(context, there)];
      const userOf = ({ tenant }: typeof one) => tenant.memberships.nodes[0]?.user?.id;
      return {
        operation: 'GraphQL instance',
        input: { group: here.group.uid },
        seen: `${one.tenant.name}: ${userOf(one)}; ${other.tenant.name}: ${userOf(other)}`,
        differences: [
          ...expectEqual('the same company', one.tenant.id === other.tenant.id, false),
          ...expectEqual('the same person', userOf(one) === userOf(other), false),
          ...expectEqual('names', [one.tenant.name, other.tenant.name].join(), 'First Bakery,Second Bakery'),
        ],
      };
    });
    const success = { status: 200, text: /"success"\s*:\s*true/ };
    const crossed = { ...first.marketplace, api: second.marketplace.api };
    await says(
      context,
      'a marketplace may cancel nothing of the other',
      'DELETE group',
      { group: here.group.uid },
      () => local.hub.cancelGroup(crossed, here.group.uid),
      { status: 401 },
    );
    await says(
      context,
      'the first company cancels',
      'DELETE group',
      { group: here.group.uid },
      () => local.desk.cancelGroup(here),
      success,
    );
    await ada.isSignedOut('its Ada is out');
    await transcript.step('the other is still in', async () => ({
      differences: typeof context.app === 'string' ? [] : expectEqual('signed in', await namesake.isIn(), true),
    }));
    await look(context, 'GraphQL: the other company goes on', there, ({ state, subscription }) => ({
      seen: `${state}, ${subscription?.status}`,
      differences: [
        ...expectEqual('state', state, 'ACTIVE'),
        ...expectEqual('subscription', subscription?.status, 'ACTIVE'),
      ],
    }));
  },
};
