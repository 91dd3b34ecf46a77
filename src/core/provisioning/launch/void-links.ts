import type { Unit } from '../../repositories.js';
import type { LaunchFacts } from './facts.js';

/**
 * Whoever was removed, or whose group was, does not come back by proving that an account is theirs: the launch that asked them for
 * it is worth nothing any more. `uids`: only of these; absent = of everybody in the group.
 */
export async function voidLinks(tx: Unit, instanceId: string, uids?: readonly string[]): Promise<void> {
  const waiting = await tx.loginTokens.findAll({ kind: 'link_account', instanceId, usedAt: null });
  const theirs = waiting.filter(({ data }) => {
    const { userUid } = (data as { readonly facts: Pick<LaunchFacts, 'userUid'> }).facts;
    return uids === undefined || uids.includes(userUid);
  });
  if (theirs.length === 0) return;
  const locked = await tx.loginTokens.lockAll(theirs.map(({ id }) => id));
  await tx.loginTokens.saveAll(
    locked.filter(({ usedAt }) => usedAt === null),
    () => ({ usedAt: tx.now }),
  );
}
