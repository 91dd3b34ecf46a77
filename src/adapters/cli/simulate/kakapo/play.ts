import type { Output } from '../../output.js';
import { createGraphqlClient } from '../graphql-client.js';
import type { Part } from '../run.js';
import type { Credential } from '../sandbox.js';
import type { Transcript } from '../transcript.js';
import { type Console, createConsole } from './console.js';
import type { KakapoContext } from './context.js';
import { showInGraphql } from './graphql-leg.js';
import { createProvisioner, type Provisioner } from './provisioner.js';
import { has } from './reads.js';
import { type ScenarioName, scenarios } from './scenarios/index.js';
import { type Binding, createUnityClient, type UnityClient } from './unity-client.js';

export interface Target {
  readonly endpoint: string;
  readonly user: Credential;
}

type Given = Pick<KakapoContext, 'console' | 'guessed' | 'host' | 'storm' | 'stamp'>;

export function contextOf(
  transcript: Transcript,
  output: Output,
  { endpoint, user }: Target,
  given: Given,
): KakapoContext {
  const clients = new Map<Binding, Promise<UnityClient>>();
  const clientBy = (binding: Binding): Promise<UnityClient> => {
    const client = clients.get(binding) ?? createUnityClient({ endpoint, user }, binding);
    clients.set(binding, client);
    return client;
  };
  const by = (binding: Binding): Provisioner => createProvisioner(transcript, () => clientBy(binding));
  return {
    ...given,
    transcript,
    unity: by('SOAP 1.1'),
    by,
    as: (other) => createProvisioner(transcript, () => createUnityClient({ endpoint, user: other }, 'SOAP 1.1')),
    client: () => clientBy('SOAP 1.1'),
    userName: user.name,
    progress: (label) => output.progress(label),
  };
}

/** The scenarios, once the interface user has shown that it may call. */
export function partsOf(context: KakapoContext, names: readonly ScenarioName[]): readonly Part[] {
  const { unity, host } = context;
  const parts = names.map((name) => {
    const { about, run } = scenarios[name];
    return { name, about, play: () => run(context) };
  });
  const user: Part = {
    name: 'interface-user',
    about: 'who calls',
    essential: true,
    async play() {
      await unity.call(
        'the interface user acts on its system provider',
        'GetSystemProviders',
        {},
        {
          check: has('systemProviders', 'SystemProvider', { serverHostName: host }),
        },
      );
    },
  };
  return [user, ...parts];
}

/** What frontends see of all that was played before. */
export function afterwards(transcript: Transcript, console: Console, userName: string): Part {
  return {
    name: 'afterwards',
    about: 'frontends see all of it',
    play: () => showInGraphql(console, transcript, userName),
  };
}

export async function openConsole(url: string, client: Credential, channelId: string): Promise<Console> {
  return createConsole(await createGraphqlClient({ url, client, scope: 'hub.read hub.write hub.admin' }), channelId);
}
