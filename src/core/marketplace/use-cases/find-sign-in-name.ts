import type { Membership } from '../../identity/index.js';
import type { ExternalRef } from '../model.js';
import { findExternalRef } from './bind-external-ref.js';

interface SignInName {
  readonly channelId: string;
  readonly name: string;
}

interface Rows {
  readonly externalRefs: Parameters<typeof findExternalRef>[0]['externalRefs'];
  readonly memberships: {
    findMany(match: { userId: string; liveKey: string }): Promise<Membership[]>;
  };
}

/** A name, and the places under the channel of the person it means: never none. */
export interface FoundSignInName {
  readonly ref: ExternalRef;
  readonly places: readonly Membership[];
}

/** What a name means now: nothing once the person has no place under the channel any more, whoever took the last one. */
export async function findSignInName(tx: Rows, signIn: SignInName): Promise<FoundSignInName | undefined> {
  const ref = await findNameRef(tx, signIn);
  if (ref === undefined) return undefined;
  const places = await placesUnder(tx, signIn.channelId, ref.targetId);
  return places.length === 0 ? undefined : { ref, places };
}

/** The reference itself, byte for byte, be it that of somebody who has left. */
export function findNameRef(
  tx: Pick<Rows, 'externalRefs'>,
  { channelId, name }: SignInName,
): Promise<ExternalRef | undefined> {
  return findExternalRef(tx, { channelId, kind: 'signInName', externalId: name });
}

/** By the person: a channel has many more, and a database that knows no better would read them all. */
export async function placesUnder(
  tx: Pick<Rows, 'memberships'>,
  channelId: string,
  userId: string,
): Promise<readonly Membership[]> {
  const places = await tx.memberships.findMany({ userId, liveKey: '0' });
  return places.filter((place) => place.channelId === channelId);
}
