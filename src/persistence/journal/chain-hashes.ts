import type { Secrets } from '../secrets.js';
import type { JournalEntryRow, JournalHeadRow, JournalSealRow } from '../tables/journal.js';

export type ChainedEntry = Omit<JournalEntryRow, 'chainHash'>;

const digest = (secrets: Secrets, purpose: string, parts: readonly unknown[], keyId: string): string =>
  secrets.hmac(purpose, JSON.stringify(parts), keyId).toString('base64url');

/** HMAC over the hash before and the whole entry; the payload is in it through its salted hash. */
export function entryHash(secrets: Secrets, keyId: string, previous: string, entry: ChainedEntry): string {
  const { id, sequence, at, actorKind, actorId, actorName, channelId, command, requestId } = entry;
  const { address, reason, tenantId, objectKind, objectId, payloadHash } = entry;
  const who = [actorKind, actorId, actorName, channelId, command, requestId, address, reason];
  const what = [tenantId, objectKind, objectId, payloadHash];
  return digest(secrets, 'journal entry', [previous, sequence, id, at, ...who, ...what], keyId);
}

export function sealMac(secrets: Secrets, seal: Omit<JournalSealRow, 'mac'>): string {
  const { lastSequence, entryCount, head, keyId, sealedAt } = seal;
  return digest(secrets, 'journal seal', [lastSequence, entryCount, head, sealedAt], keyId);
}

export function headMac(secrets: Secrets, head: Omit<JournalHeadRow, 'mac'>): string {
  return digest(secrets, 'journal head', [head.name, head.sequence, head.hash], head.keyId);
}
