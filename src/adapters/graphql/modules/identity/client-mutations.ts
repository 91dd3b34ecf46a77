import { amendClient, type Client, registerClient } from '../../../../core/identity/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { given, shown, TargetInput } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { RegisterClientInput, UpdateClientInput } from './inputs.js';
import { ClientPayload, ClientSecretPayload } from './payloads.js';

const nothing = {
  name: '',
  applicationId: '',
  instanceId: '',
  tenantId: '',
  level: null,
  scopes: [],
  redirectUris: [],
  postLogoutRedirectUris: [],
  backchannelLogoutUri: '',
};

async function run({ context, change }: Call, work: (tx: Unit) => Promise<Client>): Promise<ClientPayload> {
  return { client: await shown(context, 'clients', await change(work)) };
}

/** The secret is part of the answer that is kept (encrypted), so that whoever lost the answer can ask for it again. */
async function runWithSecret(
  { context, run: runUnit }: Call,
  confidential: boolean,
  work: (tx: Unit, secretHash: string) => Promise<Client>,
): Promise<ClientSecretPayload> {
  const { secrets } = context.services;
  const secret = confidential ? secrets.generate() : null;
  const secretHash = secret === null ? '' : secrets.hashClientSecret(secret);
  const made = await runUnit(async (tx) => ({ id: (await work(tx, secretHash)).id, secret }));
  return { client: await shown(context, 'clients', made.id), clientSecret: made.secret };
}

export const ClientMutations = mutationsOf('identity', {
  registerClient: mutation(
    RegisterClientInput,
    ClientSecretPayload,
    'Registers an OpenID / OAuth client. Its secret is made by the hub and shown once.',
    ({ confidential, ...input }, call) => {
      const client = given(input, nothing);
      return runWithSecret(call, confidential ?? true, (tx, secretHash) =>
        registerClient(tx, { ...client, secretHash }),
      );
    },
  ),
  updateClient: mutation(
    UpdateClientInput,
    ClientPayload,
    'Changes a client’s registration; its secret stays.',
    (input, call) => run(call, (tx) => amendClient(tx, given(input, nothing))),
  ),
  rotateClientSecret: mutation(
    TargetInput,
    ClientSecretPayload,
    'Gives a client a new secret, shown once; the old one and its tokens end now.',
    ({ id, expectedVersion }, call) =>
      runWithSecret(call, true, (tx, secretHash) => amendClient(tx, { id, expectedVersion, secretHash })),
  ),
  disableClient: mutation(
    TargetInput,
    ClientPayload,
    'Switches a client off: its tokens end.',
    ({ id, expectedVersion }, call) => run(call, (tx) => amendClient(tx, { id, expectedVersion, disabled: true })),
  ),
  enableClient: mutation(TargetInput, ClientPayload, 'Switches a client on again.', ({ id, expectedVersion }, call) =>
    run(call, (tx) => amendClient(tx, { id, expectedVersion, disabled: false })),
  ),
});
