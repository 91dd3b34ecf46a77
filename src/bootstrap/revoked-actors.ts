import type { Lookups } from '../core/repositories.js';

/**
 * The ids of those whose rights ended, as open connections know them: of a session that ended, the person whose it was, for whom
 * the connection may speak.
 */
export async function revokedActors(
  { sessions }: Pick<Lookups, 'sessions'>,
  revocations: readonly { readonly kind: string; readonly id: string }[],
): Promise<ReadonlySet<string>> {
  const ended = revocations.filter(({ kind }) => kind === 'session');
  const owners = await Promise.all(ended.map(({ id }) => sessions.find(id)));
  return new Set([...revocations.map(({ id }) => id), ...owners.flatMap((session) => session?.userId ?? [])]);
}
