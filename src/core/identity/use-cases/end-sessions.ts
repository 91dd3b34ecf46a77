import type { Unit } from '../../repositories.js';
import type { Match } from '../../shared/repository.js';
import type { ClientSession, LoginToken, Session } from '../model.js';
import type { RevocationTarget } from '../ports.js';

export interface EndSessions {
  readonly userId?: string;
  readonly sessionId?: string;
  /** Only what concerns this instance: sessions a marketplace opened there, sign-ins to it, its clients' tokens. */
  readonly instanceId?: string;
  /** Only sign-ins to these OAuth clients (`Client.clientId`); the hub's own session stays. */
  readonly clientIds?: readonly string[];
  /** The session that goes on (the one a person changes the password with). */
  readonly exceptSessionId?: string;
  readonly reason: string;
}

type EndSessionsUnit = Pick<
  Unit,
  'now' | 'emit' | 'sessions' | 'clientSessions' | 'loginTokens' | 'clients' | 'instances' | 'tokenRevocations'
>;

/**
 * Ends sessions, unused login tokens and issued tokens of the scope, and tells every application signed in to (`session.ended`,
 * one event per application and session). Fields of the input narrow each other; nothing named ends nothing. Returns how many
 * sessions of the hub ended.
 */
export async function endSessions(tx: EndSessionsUnit, input: EndSessions): Promise<number> {
  const { userId, sessionId, instanceId, clientIds } = input;
  if ([userId, sessionId, instanceId, clientIds].every((field) => field === undefined)) return 0;

  const sessions = clientIds === undefined ? await openSessions(tx, input) : [];
  const signIns = await openSignIns(tx, input, sessions);
  for (const session of sessions) {
    await tx.sessions.save(session, { state: 'ENDED', endedAt: tx.now, endReason: input.reason });
  }
  for (const signIn of signIns) await endSignIn(tx, signIn, input.reason);
  for (const token of await unusedTokens(tx, input, sessions)) await tx.loginTokens.save(token, { usedAt: tx.now });
  for (const target of await revocations(tx, input, sessions, signIns)) await tx.tokenRevocations.revoke(target);
  return sessions.length;
}

async function openSessions(tx: EndSessionsUnit, input: EndSessions): Promise<Session[]> {
  const match: Match<Session> = {
    ...(input.sessionId !== undefined && { id: input.sessionId }),
    ...(input.userId !== undefined && { userId: input.userId }),
    ...(input.instanceId !== undefined && { instanceId: input.instanceId }),
  };
  const found = [
    ...(await tx.sessions.findMany({ ...match, state: 'ACTIVE' })),
    ...(await tx.sessions.findMany({ ...match, state: 'PENDING' })),
  ];
  const locked: Session[] = [];
  for (const { id } of found) {
    if (id === input.exceptSessionId) continue;
    const session = await tx.sessions.lock(id);
    if (session && session.state !== 'ENDED') locked.push(session);
  }
  return locked;
}

/** What the ended sessions signed in to, and, when the scope is narrower than a session, the sign-ins of other sessions in it. */
async function openSignIns(
  tx: EndSessionsUnit,
  input: EndSessions,
  sessions: readonly Session[],
): Promise<ClientSession[]> {
  const found = new Map<string, ClientSession>();
  const collect = async (match: Match<ClientSession>): Promise<void> => {
    for (const row of await tx.clientSessions.findMany({ ...match, endedAt: null })) found.set(row.id, row);
  };
  for (const session of sessions) await collect({ sessionId: session.id });

  const match: Match<ClientSession> = {
    ...(input.sessionId !== undefined && { sessionId: input.sessionId }),
    ...(input.userId !== undefined && { userId: input.userId }),
    ...(input.instanceId !== undefined && { instanceId: input.instanceId }),
  };
  if (input.clientIds === undefined) await collect(match);
  else for (const clientId of input.clientIds) await collect({ ...match, clientId });

  const locked: ClientSession[] = [];
  for (const { id, sessionId } of found.values()) {
    if (sessionId === input.exceptSessionId) continue;
    const row = await tx.clientSessions.lock(id);
    if (row && row.endedAt === null) locked.push(row);
  }
  return locked;
}

async function endSignIn(tx: EndSessionsUnit, row: ClientSession, reason: string): Promise<void> {
  const ended = await tx.clientSessions.save(row, { endedAt: tx.now });
  const instance = row.instanceId === '' ? undefined : await tx.instances.find(row.instanceId);
  tx.emit({
    type: 'session.ended',
    aggregate: { kind: 'clientSession', id: ended.id, version: ended.version },
    tenantId: instance?.tenantId ?? '',
    payload: {
      clientId: row.clientId,
      sid: row.sid,
      userId: row.userId,
      sessionId: row.sessionId,
      instanceId: row.instanceId,
      reason,
    },
  });
}

async function unusedTokens(
  tx: EndSessionsUnit,
  input: EndSessions,
  sessions: readonly Session[],
): Promise<LoginToken[]> {
  const found = new Map<string, LoginToken>();
  const collect = async (match: Match<LoginToken>): Promise<void> => {
    for (const token of await tx.loginTokens.findMany({ ...match, usedAt: null })) found.set(token.id, token);
  };
  for (const session of sessions) await collect({ sessionId: session.id });
  const { userId, instanceId } = input;
  if (input.clientIds === undefined && input.sessionId === undefined) {
    if (instanceId !== undefined) {
      await collect({ kind: 'marketplace_login', instanceId, ...(userId !== undefined && { userId }) });
    } else if (userId !== undefined) await collect({ userId });
  }
  return [...found.values()];
}

async function revocations(
  tx: EndSessionsUnit,
  input: EndSessions,
  sessions: readonly Session[],
  signIns: readonly ClientSession[],
): Promise<RevocationTarget[]> {
  const { userId, sessionId, instanceId, clientIds, exceptSessionId } = input;
  const oneSession = sessionId !== undefined || exceptSessionId !== undefined;
  // a sign-in outlives the session it began in when that one merely expired
  const ended = [...sessions.map(({ id }) => id), ...(oneSession ? signIns.map((row) => row.sessionId) : [])];
  const targets: RevocationTarget[] = [...new Set(ended)].map((id) => ({ kind: 'session', id }));
  if (oneSession) return targets;
  if (instanceId !== undefined) {
    const own = (await tx.clients.findMany({ instanceId })).map((client) => client.clientId);
    if (userId === undefined) targets.push(...own.map((id) => ({ kind: 'client', id }) as const));
    const perUser = new Map<string, Set<string>>(userId === undefined ? [] : [[userId, new Set(own)]]);
    for (const row of signIns) {
      perUser.set(row.userId, (perUser.get(row.userId) ?? new Set<string>()).add(row.clientId));
    }
    for (const [id, of] of perUser) if (of.size > 0) targets.push({ kind: 'user', id, clientIds: [...of] });
    return targets;
  }
  if (userId !== undefined) {
    return [{ kind: 'user', id: userId, ...(clientIds !== undefined && { clientIds }) }, ...targets];
  }
  return [...targets, ...(clientIds ?? []).map((id) => ({ kind: 'client', id }) as const)];
}
