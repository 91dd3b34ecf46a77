import { createGraphqlClient, type GraphqlClient } from '../graphql-client.js';
import type { Part } from '../run.js';
import type { Credential } from '../sandbox.js';
import type { SoapCredential } from '../soap-client.js';
import type { Transcript } from '../transcript.js';
import { showInGraphql } from './graphql-leg.js';
import { createMarketplace } from './marketplace.js';
import { createNecClient } from './nec-client.js';
import type { MkpVersion } from './sandbox.js';
import { type ScenarioName, scenarios } from './scenarios/index.js';
import type { ScenarioContext } from './scenarios/scenario.js';

export interface Target {
  readonly endpoint: string;
  readonly credential: SoapCredential;
}

export interface PlayOptions extends Pick<ScenarioContext, 'goods' | 'signIn' | 'stamp'> {
  readonly names: readonly ScenarioName[];
  readonly targets: Readonly<Record<MkpVersion, Target>>;
}

export function partsOf(transcript: Transcript, { names, targets, ...context }: PlayOptions): readonly Part[] {
  return names.map((name) => {
    const { about, version, run } = scenarios[name];
    return {
      name,
      about,
      async play() {
        const client = await createNecClient(targets[version]);
        await run({ ...context, nec: createMarketplace(client, transcript), transcript });
      },
    };
  });
}

/** What frontends see of all that was played before. */
export function afterwards(transcript: Transcript, url: string, reader: Credential, channelAccount: string): Part {
  return {
    name: 'afterwards',
    about: 'frontends see all of it',
    async play() {
      let client: GraphqlClient | undefined;
      await transcript.step('a machine gets a token with client credentials', async () => {
        client = await createGraphqlClient({ url, client: reader, scope: 'hub.read' });
        return { seen: `${reader.name}, hub.read` };
      });
      await showInGraphql(client!, transcript, realmsOf(transcript), channelAccount);
    },
  };
}

/** The realms that were made, told by the calls that made them. */
function realmsOf({ steps }: Transcript): string[] {
  const made = steps.filter(({ operation, result }) => operation === 'CreateRealm' && result === 0);
  return [...new Set(made.map(({ input }) => String((input as { realmId?: string }).realmId)))];
}
