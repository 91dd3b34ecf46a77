import { expectEqual } from '../../check.js';
import type { Credential } from '../../sandbox.js';
import type { StepOutcome } from '../../transcript.js';
import type { Console } from '../console.js';
import type { KakapoContext, KakapoScenario } from '../context.js';
import { look } from '../looks.js';
import type { Provisioner } from '../provisioner.js';

/** One wrong password locks an interface user until an operator unlocks it. */
export const lockAndUnlock: KakapoScenario = {
  about: 'one wrong password locks an interface user; an operator sees it and unlocks it',
  async run(context) {
    const { guessed, unity } = context;
    const nameless = context.as({ name: context.userName, secret: '' });
    await ask(nameless, 'a blank password is a parameter error', /loginPassword/);
    await ask(unity, 'and locks nothing');
    await ask(
      context.as({ name: `nobody-${context.stamp}`, secret: 'guess' }),
      'a name nobody has',
      /login attempt failed/,
    );
    if (typeof guessed === 'string') return context.transcript.skip('a wrong password locks', guessed);
    await lock(context, guessed);
    await unlock(context, guessed);
  },
};

/** Any operation would do: whoever may call gets an answer. */
async function ask(as: Provisioner, title: string, refusal?: RegExp): Promise<void> {
  await as.call(title, 'GetSystemProviders', {}, refusal === undefined ? {} : { refusal });
}

async function lock(context: KakapoContext, guessed: Credential): Promise<void> {
  const right = context.as(guessed);
  await ask(right, 'the right password');
  await ask(
    context.as({ ...guessed, secret: 'guess' }),
    'a wrong one locks at once',
    /failed and the account has been locked/,
  );
  await ask(right, 'the right one is refused from then on', /account is locked/);
  await ask(context.unity, 'another interface user is not');
}

async function unlock(context: KakapoContext, guessed: Credential): Promise<void> {
  const right = context.as(guessed);
  let accountId = '';
  await look(context, 'GraphQL: an alarm, and who tried from where', async (console) => {
    const account = await accountOf(console, guessed.name);
    accountId = account.id;
    const since = outcomesOf(account).join(' ').split('UNLOCKED')[0] ?? '';
    return {
      ...shownAccount(account),
      differences: [
        ...expectEqual('locked', account.lockedAt !== null, true),
        ...expectEqual('open alarms', openAlarms(account), 1),
        ...expectEqual('a wrong password in the history', since.includes('WRONG_PASSWORD'), true),
        ...expectEqual('a refusal while it is locked', since.includes('ACCOUNT_LOCKED'), true),
        ...expectEqual(
          'the last one failed',
          (account.lastFailedLogin ?? '') >= (account.lastSuccessfulLogin ?? ''),
          true,
        ),
      ],
    };
  });
  await look(context, 'an operator unlocks it', async ({ graphql }) => {
    const { unlockServiceAccount } = await graphql.query<{
      unlockServiceAccount: { serviceAccount: { lockedAt: string | null } };
    }>(unlockMutation, { id: accountId });
    const { lockedAt } = unlockServiceAccount.serviceAccount;
    return {
      operation: 'GraphQL unlockServiceAccount',
      input: { id: accountId },
      differences: expectEqual('lockedAt', lockedAt, null),
    };
  });
  await ask(right, 'and it calls again at once');
  await look(context, 'GraphQL: the alarm is over, the history goes on', async (console) => {
    const account = await accountOf(console, guessed.name);
    const newest = outcomesOf(account).filter((outcome) => outcome === 'UNLOCKED' || outcome === 'WRONG_PASSWORD');
    return {
      ...shownAccount(account),
      differences: [
        ...expectEqual('open alarms', openAlarms(account), 0),
        ...expectEqual('the newest of a wrong password and the unlocking', newest[0], 'UNLOCKED'),
      ],
    };
  });
}

interface ShownAccount {
  readonly id: string;
  readonly lockedAt: string | null;
  readonly lastSuccessfulLogin: string | null;
  readonly lastFailedLogin: string | null;
  readonly loginHistory: {
    readonly nodes: readonly { readonly outcome: string; readonly address: string; readonly by: string }[];
  };
  readonly alarms: { readonly nodes: readonly { readonly clearedAt: string | null }[] };
}

const accountQuery = `query Simulated($channelId: ID!, $username: String!) {
  serviceAccounts(first: 2, filter: { channelId: { eq: $channelId }, username: { eq: $username } }) {
    nodes {
      id lockedAt lastSuccessfulLogin lastFailedLogin
      loginHistory(first: 20) { nodes { outcome address by } }
      alarms(first: 50, orderBy: { field: lastAt, direction: DESC }) { nodes { clearedAt } }
    }
  }
}`;

const unlockMutation = `mutation Simulated($id: ID!) {
  unlockServiceAccount(input: { id: $id, reason: "the right password was shown again" }) { serviceAccount { lockedAt } }
}`;

async function accountOf({ graphql, channelId }: Console, username: string): Promise<ShownAccount> {
  const { serviceAccounts } = await graphql.query<{ serviceAccounts: { nodes: readonly ShownAccount[] } }>(
    accountQuery,
    { channelId, username },
  );
  const [account] = serviceAccounts.nodes;
  if (account === undefined) throw new Error(`${username} is not there`);
  return account;
}

const outcomesOf = ({ loginHistory }: ShownAccount) => loginHistory.nodes.map(({ outcome }) => outcome);
const openAlarms = ({ alarms }: ShownAccount) => alarms.nodes.filter(({ clearedAt }) => clearedAt === null).length;

function shownAccount(account: ShownAccount): StepOutcome {
  const history = account.loginHistory.nodes.map(({ outcome, address, by }) =>
    [outcome, address, by].filter((part) => part !== '').join(' '),
  );
  return { operation: 'GraphQL serviceAccounts', input: { id: account.id }, seen: history.slice(0, 4).join(', ') };
}
