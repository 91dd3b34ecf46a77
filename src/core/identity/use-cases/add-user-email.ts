import { requireEverywhere } from '../../shared/actor.js';
import { checkNotTerminated, found } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { TenancyRepositories } from '../../tenancy/index.js';
import type { User, UserEmail } from '../model.js';
import type { IdentityRepositories } from '../ports.js';
import { addEmail } from './create-user.js';
import { requireRankOver } from './guard-operators.js';
import { requirePerson } from './update-user.js';

type Repositories = Tx & TenancyRepositories & IdentityRepositories;

/** Far above what people have; a bound for whoever adds them by program. */
const mostEmails = 20;

export interface AddUserEmailInput {
  readonly userId: string;
  readonly email: string;
  /** Vouched for by an operator; others bring unverified addresses. */
  readonly verified?: boolean;
  /** Becomes the address people see; the first one always does. */
  readonly primary?: boolean;
}

/** Adds an address to a person. Errors: not_found, forbidden, terminated, invalid_value, already_exists (verified by another). */
export async function addUserEmail(tx: Repositories, input: AddUserEmailInput): Promise<UserEmail> {
  const user = found('user', await tx.users.rely(input.userId));
  await requirePerson(tx, user.id);
  if (input.verified === true) requireEverywhere(tx.actor, 'write');
  requireRankOver(tx, user);
  checkNotTerminated('user', user);
  const present = await tx.userEmails.findMany({ userId: user.id });
  if (present.length >= mostEmails) throw invalid('email', `a person has at most ${mostEmails} addresses`);
  const primary = input.primary === true || present.length === 0;
  if (primary) {
    for (const other of present) if (other.primary) await tx.userEmails.save(other, { primary: false });
  }
  const added = await addEmail(tx, user.id, input.email, input.verified ?? false, primary);
  emitEmailsChanged(tx, user);
  return added;
}

export function emitEmailsChanged(tx: Tx, user: User): void {
  tx.emit({
    type: 'user.emails_changed',
    aggregate: { kind: 'user', id: user.id, version: user.version },
    tenantId: '',
    payload: { displayName: user.displayName },
  });
}
