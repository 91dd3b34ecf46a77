import type { UserEmail } from '../../../../core/identity/index.js';
import type { UserView } from '../../../../core/readers.js';
import { emailKey } from '../../../../core/shared/text.js';
import { findOne } from '../../relay/lists.js';
import type { MercatorContext } from '../../services.js';

/** Addresses looked at to find a person's own: more than anybody has. */
const addresses = 20;
/** Addresses in one statement: as many rows as a page may have. */
const addressesAtOnce = 200;

/** The person's verified address, the primary one first; null when none is verified. */
export async function verifiedEmailOf(userId: string, context: MercatorContext): Promise<string | null> {
  const { userEmails } = context.services.readers;
  const page = await context.loaders.children(userEmails, 'userId', userId, { first: addresses });
  const verified = page.nodes.filter((address) => address.verifiedKey !== null);
  return (verified.find((address) => address.primary) ?? verified[0])?.email ?? null;
}

/** The person whose verified address this is; null when there is none the caller may see. All of a request in two statements. */
export async function userByEmail(address: string, context: MercatorContext): Promise<UserView | null> {
  const { readers } = context.services;
  const owner = await context.loaders.custom<string, UserEmail | undefined>(
    userByEmail,
    async (keys) => {
      const owners = new Map<string | null, UserEmail>();
      for (let start = 0; start < keys.length; start += addressesAtOnce) {
        const filter = { verifiedKey: { in: keys.slice(start, start + addressesAtOnce) } };
        const page = await readers.userEmails.page(context.actor, { first: addressesAtOnce, filter });
        for (const found of page.nodes) owners.set(found.verifiedKey, found);
      }
      return keys.map((key) => owners.get(key));
    },
    emailKey(address),
  );
  return findOne(context, readers.users, owner?.userId);
}
