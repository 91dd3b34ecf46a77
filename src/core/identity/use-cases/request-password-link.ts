import type { Unit } from '../../repositories.js';
import { notFound } from '../../shared/errors.js';

export interface RequestPasswordLink {
  readonly userId: string;
  /** On whose behalf; '' when the person asked for it. */
  readonly tenantId: string;
  readonly instanceId: string;
  readonly channelId: string;
  /** BCP 47; '' = the person's own, else English. */
  readonly locale: string;
  /** Somebody else's address (a person without one: the administrator's); '' = the person's own. */
  readonly deliverTo: string;
}

/** Asks for a set-your-password message. The link is made when it is sent, so that no secret waits in the outbox. */
export async function requestPasswordLink(tx: Pick<Unit, 'emit' | 'users'>, input: RequestPasswordLink): Promise<void> {
  const user = await tx.users.rely(input.userId);
  if (!user) throw notFound('user');
  tx.emit({
    type: 'identity.password_link_requested',
    aggregate: { kind: 'user', id: user.id, version: user.version },
    tenantId: input.tenantId,
    payload: { ...input },
  });
}
