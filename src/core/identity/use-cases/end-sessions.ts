import type { Unit } from '../../repositories.js';
import { type AnyOf, anyOf, type MatchAny } from '../../shared/repository.js';
import type { ClientSession, LoginToken, Session } from '../model.js';
import type { RevocationTarget } from '../ports.js';

export interface EndSessions {
  /** One person, or many at once. */
  readonly userId?: string | readonly string[];
  readonly sessionId?: string;
  /** Only what concerns this instance (or these): sessions a marketplace opened there, sign-ins to it, its clients' tokens. */
  readonly instanceId?: string | readonly string[];
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
  const scope = [userId, sessionId, instanceId, clientIds];
  if (scope.every((field) => field === undefined) || scope.some((field) => field?.length === 0)) return 0;

  const sessions = clientIds === undefined ? await openSessions(tx, input) : [];
  const signIns = await openSignIns(tx, input, sessions);
  await tx.sessions.saveAll(sessions, () => ({ state: 'ENDED', endedAt: tx.now, endReason: input.reason }));
  await endSignIns(tx, signIns, input.reason);
  await tx.loginTokens.saveAll(await unusedTokens(tx, input, sessions), () => ({ usedAt: tx.now }));
  await tx.tokenRevocations.revokeAll(await revocations(tx, input, sessions, signIns));
  return sessions.length;
}

function named(value: string | readonly string[]): string | AnyOf<string> {
  return typeof value === 'string' ? value : anyOf(value);
}

function listed(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

async function openSessions(tx: EndSessionsUnit, input: EndSessions): Promise<Session[]> {
  const found = await tx.sessions.findAll({
    ...(input.sessionId !== undefined && { id: input.sessionId }),
    ...(input.userId !== undefined && { userId: named(input.userId) }),
    ...(input.instanceId !== undefined && { instanceId: named(input.instanceId) }),
    state: anyOf(['ACTIVE', 'PENDING']),
  });
  const others = found.filter(({ id }) => id !== input.exceptSessionId);
  return (await tx.sessions.lockAll(idsOf(others))).filter(({ state }) => state !== 'ENDED');
}

/** What the ended sessions signed in to, and, when the scope is narrower than a session, the sign-ins of other sessions in it. */
async function openSignIns(
  tx: EndSessionsUnit,
  input: EndSessions,
  sessions: readonly Session[],
): Promise<ClientSession[]> {
  const found = [
    ...(await tx.clientSessions.findAll({ sessionId: anyOf(idsOf(sessions)), endedAt: null })),
    ...(await tx.clientSessions.findAll({
      ...(input.sessionId !== undefined && { sessionId: input.sessionId }),
      ...(input.userId !== undefined && { userId: named(input.userId) }),
      ...(input.instanceId !== undefined && { instanceId: named(input.instanceId) }),
      ...(input.clientIds !== undefined && { clientId: anyOf(input.clientIds) }),
      endedAt: null,
    })),
  ];
  const others = found.filter(({ sessionId }) => sessionId !== input.exceptSessionId);
  return (await tx.clientSessions.lockAll(idsOf(others))).filter(({ endedAt }) => endedAt === null);
}

async function endSignIns(tx: EndSessionsUnit, signIns: readonly ClientSession[], reason: string): Promise<void> {
  if (signIns.length === 0) return;
  const instanceIds = new Set(signIns.map(({ instanceId }) => instanceId).filter((id) => id !== ''));
  const instances = await tx.instances.findAll({ id: anyOf([...instanceIds]) });
  const tenantOf = new Map(instances.map(({ id, tenantId }) => [id, tenantId]));
  for (const ended of await tx.clientSessions.saveAll(signIns, () => ({ endedAt: tx.now }))) {
    const { clientId, sid, userId, sessionId, instanceId } = ended;
    tx.emit({
      type: 'session.ended',
      aggregate: { kind: 'clientSession', id: ended.id, version: ended.version },
      tenantId: tenantOf.get(instanceId) ?? '',
      payload: { clientId, sid, userId, sessionId, instanceId, reason },
    });
  }
}

/** Locked: two that end at once do not use up the same one. */
async function unusedTokens(
  tx: EndSessionsUnit,
  input: EndSessions,
  sessions: readonly Session[],
): Promise<LoginToken[]> {
  const unused = (match: MatchAny<LoginToken>) => tx.loginTokens.findAll({ ...match, usedAt: null });
  const found = await unused({ sessionId: anyOf(idsOf(sessions)) });
  const { userId, instanceId } = input;
  if (input.clientIds === undefined && input.sessionId === undefined) {
    const user = userId !== undefined && { userId: named(userId) };
    if (instanceId !== undefined) {
      found.push(...(await unused({ kind: 'marketplace_login', instanceId: named(instanceId), ...user })));
    } else if (user) found.push(...(await unused(user)));
  }
  return (await tx.loginTokens.lockAll(idsOf(found))).filter(({ usedAt }) => usedAt === null);
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
  const ended = [...idsOf(sessions), ...(oneSession ? signIns.map((row) => row.sessionId) : [])];
  const targets: RevocationTarget[] = [...new Set(ended)].map((id) => ({ kind: 'session', id }));
  if (oneSession) return targets;
  if (instanceId !== undefined) {
    const own = (await tx.clients.findAll({ instanceId: named(instanceId) })).map((client) => client.clientId);
    if (userId === undefined) targets.push(...own.map((id) => ({ kind: 'client', id }) as const));
    const people = userId === undefined ? [] : listed(userId);
    const perUser = new Map<string, Set<string>>(people.map((id) => [id, new Set(own)]));
    for (const row of signIns) {
      perUser.set(row.userId, (perUser.get(row.userId) ?? new Set<string>()).add(row.clientId));
    }
    for (const [id, of] of perUser) if (of.size > 0) targets.push({ kind: 'user', id, clientIds: [...of] });
    return targets;
  }
  if (userId !== undefined) {
    const clients = clientIds !== undefined && { clientIds };
    return [...listed(userId).map((id) => ({ kind: 'user', id, ...clients }) as const), ...targets];
  }
  return [...targets, ...(clientIds ?? []).map((id) => ({ kind: 'client', id }) as const)];
}

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
