import { createGraphqlClient } from '../graphql-client.js';
import type { Part } from '../run.js';
import type { Credential } from '../sandbox.js';
import type { SoapCredential } from '../soap-client.js';
import type { Transcript } from '../transcript.js';
import { type Console, createConsole } from './console.js';
import type { PrmContext } from './context.js';
import { showInGraphql } from './graphql-leg.js';
import { createParty } from './party.js';
import { type ScenarioName, scenarios } from './scenarios/index.js';

export interface Target {
  /** Where the paths of the services begin. */
  readonly base: string;
  readonly operator: SoapCredential;
}

/** The namespace of a ticket in the SOAP header (docs/protocols/prm.md). */
const ticketNamespace = 'urn:prm:4.0';

export function contextOf(
  transcript: Transcript,
  { base, operator }: Target,
  rest: Pick<PrmContext, 'console' | 'traffic' | 'stamp'>,
): PrmContext {
  return {
    ...rest,
    transcript,
    op: createParty(transcript, { base, side: 'op', credential: operator }),
    stranger: createParty(transcript, { base, side: 'sp' }),
    provider: (username, password) =>
      createParty(transcript, { base, side: 'sp', credential: { username, password, as: 'usernameToken' } }),
    holderOf: (ticket) => {
      const header = `<prm:loginTicket xmlns:prm="${ticketNamespace}">${ticket}</prm:loginTicket>`;
      return createParty(transcript, { base, side: 'sp', header });
    },
  };
}

/** The scenarios, once the operator's account has shown that it can play them. */
export function partsOf(context: PrmContext, names: readonly ScenarioName[]): readonly Part[] {
  const parts = names.map((name) => {
    const { about, run } = scenarios[name];
    return { name, about, play: () => run(context) };
  });
  const levels = ['READ_WRITE', 'ADMINISTRATOR'];
  const check = (value: unknown) => (levels.includes(String(value)) ? [] : [`it must be ${levels.join(' or ')}`]);
  const operator: Part = {
    name: 'operator',
    about: 'who plays the operator',
    essential: true,
    async play() {
      await context.op.call(
        'the operator’s application has the level to write',
        'OpService.getUserLevel',
        {},
        { check },
      );
    },
  };
  return [operator, ...parts];
}

/** What frontends see of all that was played before. */
export function afterwards(transcript: Transcript, console: Console, operator: string): Part {
  return {
    name: 'afterwards',
    about: 'frontends see all of it',
    play: () => showInGraphql(console, transcript, operator),
  };
}

export async function openConsole(url: string, client: Credential, channelId: string): Promise<Console> {
  return createConsole(await createGraphqlClient({ url, client, scope: 'hub.read hub.write' }), channelId);
}
