import { type AccountLogin, type LoginOutcome, loginFailures } from '../../../core/marketplace/index.js';
import { systemActor } from '../../../core/shared/actor.js';
import type { CliHub } from '../ports.js';

type Hub = Pick<CliHub, 'readers'>;

const actor = systemActor('account');
const newestFirst = { field: 'lastAt', direction: 'DESC' } as const;
const parent = 'serviceAccountId';

/** The newest lines of an account's login history. */
export async function newestLogins({ readers }: Hub, accountId: string, first: number) {
  const filter = { serviceAccountId: { eq: accountId } };
  const { nodes } = await readers.accountLogins.page(actor, { first, filter, orderBy: newestFirst });
  return nodes.map(({ id: _, serviceAccountId: __, ...login }) => login);
}

/** By account: when it last got in, and when it was last refused. */
export async function lastLogins({ readers }: Hub, accountIds: readonly string[]) {
  const newest = async (outcomes: readonly LoginOutcome[]): Promise<(string | null)[]> => {
    const request = { first: 1, filter: { outcome: { in: outcomes } }, orderBy: newestFirst };
    const pages = await readers.accountLogins.pagesByParent(actor, parent, accountIds, request);
    return pages.map(({ nodes }) => nodes[0]?.lastAt ?? null);
  };
  const [successes, failures] = await Promise.all([newest(['succeeded']), newest(loginFailures)]);
  return new Map(
    accountIds.map((id, at) => [id, { lastSuccessfulLogin: successes[at]!, lastFailedLogin: failures[at]! }]),
  );
}

const words: Readonly<Record<LoginOutcome, string>> = {
  succeeded: 'let in',
  wrongPassword: 'wrong password: locked',
  addressNotListed: 'refused: address not listed',
  accountLocked: 'refused: locked',
  accountDisabled: 'refused: switched off',
  locked: 'locked',
  unlocked: 'unlocked',
};

export function lineOf({
  outcome,
  address,
  by,
  firstAt,
  lastAt,
  times,
}: Omit<AccountLogin, 'id' | 'serviceAccountId'>) {
  const when = times === 1 ? lastAt : `${firstAt} to ${lastAt}, ${times} times`;
  return [words[outcome], by === '' ? '' : `by ${by}`, address === '' ? '' : `from ${address}`, when]
    .filter((part) => part !== '')
    .join(' ');
}
