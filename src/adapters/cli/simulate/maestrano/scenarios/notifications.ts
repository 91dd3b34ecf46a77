import { minute, shift } from '../../../../../core/shared/clock.js';
import { expectEqual } from '../../check.js';
import type { MaestranoScenario } from '../context.js';
import { messageOf } from '../local/connec/announce.js';
import { look, says } from '../looks.js';
import { newCompany } from '../people.js';
import { visitor } from '../visit.js';

/** Checklist 3.3.1 and 3.3.2. */
export const notifications: MaestranoScenario = {
  about:
    'what is new in Connec! comes here, what changes there changes here; what is old, unknown or malformed does nothing',
  async run(context) {
    const { local, transcript } = context;
    const company = newCompany(context, 'no');
    const { marketplace, group } = company;
    await (await visitor(context, company, 'ada')).launch('Ada signs on');
    const email = { address: `dora@${group.uid}.example` };
    const record = local.desk.addRecord(company, 'people', { first_name: 'Dora', last_name: 'Lindqvist', email });
    const hasDora = (title: string, familyName: string) =>
      look(context, title, company, ({ tenant }) => {
        const found = tenant.memberships.nodes.filter(({ user }) => user?.givenName === 'Dora');
        return {
          seen: found.map(({ user }) => `${user?.id}: Dora ${user?.familyName}`).join('; '),
          differences: [
            ...expectEqual('people named Dora', found.length, 1),
            ...expectEqual('family name', found[0]?.user?.familyName, familyName),
          ],
        };
      });
    await hasDora('Dora was added in Connec!: GraphQL has her', 'Lindqvist');
    const old = messageOf(marketplace, group, [record]);
    local.desk.changeRecord(company, record, { last_name: 'Lindqvist-Rao' });
    await hasDora('her name changed there: the same person here', 'Lindqvist-Rao');

    const tell = (title: string, message: object) =>
      says(context, title, 'POST notification', message, () => local.hub.notify(marketplace, message));
    await tell('the first message comes once more, late', old);
    const entity = {
      id: 'unheard-of',
      group_id: group.uid,
      first_name: 'Nobody',
      updated_at: shift(local.now(), minute),
    };
    await tell('a collection nobody subscribed to', { unheard_of: [entity] });
    await tell('a company nobody knows', { people: [{ ...entity, group_id: `cld-${context.stamp}-nobody` }] });
    await tell('something that is no list', { people: 'all of them' });
    local.desk.addRecord(company, 'people', { first_name: 'Edda', last_name: 'Nyström' });
    await look(context, 'Edda, who was added after all that, is here', company, ({ tenant }) => ({
      differences: expectEqual(
        'people named Edda',
        tenant.memberships.nodes.filter(({ user }) => user?.givenName === 'Edda').length,
        1,
      ),
    }));
    await hasDora('GraphQL: so it was read, and nothing of it changed Dora', 'Lindqvist-Rao');
    await transcript.step('a message that is no JSON is refused', async () => {
      const { status } = await fetch(`${context.publicUrl}${marketplace.paths.notifications}`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${marketplace.api.id}:${marketplace.api.key}`).toString('base64')}`,
          'content-type': 'application/json',
        },
        body: '{',
      });
      return { operation: 'POST notification', result: status, differences: expectEqual('status', status, 400) };
    });
  },
};
