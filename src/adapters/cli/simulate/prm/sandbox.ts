import { accountThrottleKey } from '../../../../core/marketplace/index.js';
import { operatorLevels } from '../../../../core/shared/actor.js';
import { randomToken } from '../../../../platform/secrets.js';
import type { CliHub } from '../../ports.js';
import { accountName, type Credential, ensureChannel, ensureClient, sandboxActor } from '../sandbox.js';

/** The simulator's own corner of a hub; its secrets are new in every run and kept nowhere else. */
export interface Sandbox {
  readonly channel: { readonly id: string; readonly name: string };
  /** The operator's application, level READ_WRITE; it can show a digest of its password. */
  readonly operator: Credential;
  /** The operator's console, as a machine: GraphQL at level READ_WRITE. */
  readonly console: Credential;
}

const channelName = 'sandbox-prm';
const consoleId = 'sandbox-operator';

/**
 * Makes the sandbox when it is not there yet: a channel with an account of the operator, and a client that answers requests in
 * GraphQL. Providers register themselves. The passwords are changed every time.
 */
export async function ensureSandbox(hub: CliHub, requestId: string): Promise<Sandbox> {
  const [operator, console] = [randomToken(), randomToken()];
  const passwordHash = await hub.passwords.hash(operator);
  const level = operatorLevels.READ_WRITE;
  const channel = await hub.uow.run(sandboxActor, { name: 'simulate.prepare', requestId }, async (tx) => {
    await ensureClient(tx, consoleId, hub.clientSecrets.hash(console), {
      grantTypes: ['client_credentials'],
      scopes: ['hub.read', 'hub.write'],
      level,
    });
    const account = { passwordHash, soapSecret: operator, level };
    return ensureChannel(tx, { name: channelName, protocol: 'prm', settings: {}, account });
  });
  // Every run is refused a few times on purpose; played often, that must not add up to a block of this machine.
  for (const address of ['127.0.0.1', '::1']) await hub.throttles.clear(accountThrottleKey(channel.id, address));
  return {
    channel: { id: channel.id, name: channel.name },
    operator: { name: accountName, secret: operator },
    console: { name: consoleId, secret: console },
  };
}
