import type { Lookups } from '../core/repositories.js';
import { anyOf } from '../core/shared/repository.js';

/**
 * The ids of those whose rights ended, as open connections know them: of a session that ended, the person whose it was, for whom
 * the connection may speak.
 */
export async function revokedActors(
  { sessions }: Pick<Lookups, 'sessions'>,
  revocations: readonly { readonly kind: string; readonly id: string }[],
): Promise<ReadonlySet<string>> {
  const ended = revocations.filter(({ kind }) => kind === 'session').map(({ id }) => id);
  const owners = ended.length === 0 ? [] : await sessions.findAll({ id: anyOf(ended) });
  return new Set([...revocations.map(({ id }) => id), ...owners.map(({ userId }) => userId)]);
}
