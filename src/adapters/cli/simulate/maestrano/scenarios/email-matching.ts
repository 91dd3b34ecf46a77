import { expectEqual } from '../../check.js';
import type { MaestranoScenario } from '../context.js';
import { idOf } from '../looks.js';
import { newCompany } from '../people.js';
import { visitor } from '../visit.js';

const createUser = `mutation Simulated($email: String!) {
  createUser(input: { givenName: "Cleo", familyName: "Marchetti", emails: [{ email: $email, verified: true }] }) { user { id } }
}`;

/** Checklist 1.4.1: an unknown uid with a verified known address is that user. */
export const emailMatching: MaestranoScenario = {
  about:
    'somebody the hub knows already, by a verified address, comes from the marketplace: the uid is attached, nobody is made',
  async run(context) {
    const { graphql, transcript, first } = context;
    const company = newCompany(context, 'em');
    const { cleo } = company.people;
    let known = '';
    await transcript.step('an operator has made Cleo, with her address verified', async () => {
      const made = await graphql.query<{ createUser: { user: { id: string } } }>(createUser, { email: cleo.email });
      known = made.createUser.user.id;
      return { operation: 'GraphQL createUser', input: { email: cleo.email }, seen: known };
    });
    await (await visitor(context, company, 'cleo')).launch('Cleo comes from the marketplace for the first time');
    await transcript.step('GraphQL: the uid is attached to the user that was there', async () => {
      const attached = await idOf(graphql, first.channelId, 'USER', cleo.uid);
      return {
        operation: 'GraphQL externalRefs',
        input: { externalId: cleo.uid },
        seen: attached ?? 'nobody',
        differences: expectEqual('the user of the uid', attached, known),
      };
    });
  },
};
