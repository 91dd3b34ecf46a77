import { expectEqual } from '../../check.js';
import type { MaestranoScenario } from '../context.js';
import { inCollection } from '../local/connec/records.js';
import type { ConnecRecord } from '../local/index.js';
import { eventually, idOf } from '../looks.js';
import { newCompany } from '../people.js';
import { visitor } from '../visit.js';

const updateUser = `mutation Simulated($id: ID!, $familyName: String!) {
  updateUser(input: { id: $id, familyName: $familyName }) { user { id } }
}`;

/** An echo would come within this time, in milliseconds. */
const quiet = 1_500;

/** Checklist 3.2.1 and 3.2.2. */
export const push: MaestranoScenario = {
  about: 'who is new here is created in Connec!, and a change goes to the same record',
  async run(context) {
    const { graphql, local, transcript, first } = context;
    const company = newCompany(context, 'pu');
    const { marketplace, group, people } = company;
    await (await visitor(context, company, 'ada')).launch('Ada signs on');
    const records = (): ConnecRecord[] =>
      inCollection(marketplace, group, 'people').filter(({ fields }) => fields.first_name === 'Ada');
    const userId = await idOf(graphql, first.channelId, 'USER', people.ada.uid);
    await eventually(context, 'Ada is a person in Connec!, under the hub’s own id too', () => {
      const [record] = records();
      return {
        operation: 'POST people',
        seen: `${record?.id}, known here as ${record?.externalIds.map(({ id }) => id).join()}`,
        differences: [
          ...expectEqual('records', records().length, 1),
          ...expectEqual('our id', record?.externalIds[0]?.id, userId),
          ...expectEqual('family name', record?.fields.last_name, people.ada.surname),
        ],
      };
    });
    const [{ id: connecId } = { id: '' }] = records();
    await transcript.step('her name changes here', async () => {
      const input = { id: userId, familyName: 'Okoye-Lund' };
      await graphql.query(updateUser, input);
      return { operation: 'GraphQL updateUser', input };
    });
    await eventually(context, 'the same record has the new name; there is no second one', () => {
      const puts = local.calls.filter(
        ({ method, path }) => method === 'PUT' && path === `/api/v2/${group.uid}/people/${connecId}`,
      );
      return {
        operation: `PUT people/${connecId}`,
        seen: `${puts.length} changes sent`,
        differences: [
          ...expectEqual('records', records().length, 1),
          ...expectEqual('family name', records()[0]?.fields.last_name, 'Okoye-Lund'),
          ...expectEqual('its id', records()[0]?.id, connecId),
        ],
      };
    });
    await transcript.step('Connec! told the hub what it had said itself, and the hub says nothing more', async () => {
      await local.settled();
      const writes = () => local.calls.filter(({ area, method }) => area === 'connec' && method !== 'GET').length;
      const before = writes();
      await new Promise((resolve) => setTimeout(resolve, quiet));
      return { seen: `${before} calls that write`, differences: expectEqual('calls that write', writes(), before) };
    });
  },
};
