import type { Parameters, SoapCall } from '../../kakapo/support/soap.js';
import { hold } from '../../support/proof.js';
import { done, inBatches } from './caller.js';

export const license = { applicationName: 'UnityDesktop', licenseType: 'Pro' };

export interface StormPerson {
  readonly broadworksUserId: string;
  /** What a refusal of this person must name: the nearest level that had something. */
  readonly exhausted: string;
}

/** A tenth of the stock each: what a reseller has, and what its groups have of that. */
const shares = [
  { reseller: 4, groups: [2, 1, 0] },
  { reseller: 3, groups: [1, 0] },
] as const;

/**
 * Passes seven tenths of the provider's stock on to two resellers and four of these to their groups, and makes so many people in the
 * groups, in turn; some groups have nothing of their own.
 */
export async function makeStormTree(
  call: SoapCall,
  { stock, people, atOnce }: { readonly stock: number; readonly people: number; readonly atOnce: number },
): Promise<readonly StormPerson[]> {
  const tenth = stock / 10;
  hold(Number.isInteger(tenth), 'the stock can be divided by ten', stock);
  const draw = (level: string, place: Parameters, share: number) =>
    done(call, `Add${level}LicenseSubPurchase`, { ...place, ...license, quantity: share * tenth });

  const places: { readonly place: Parameters; readonly exhausted: string }[] = [];
  for (const [index, { reseller, groups }] of shares.entries()) {
    const ofReseller = { resellerId: `ent${index}` };
    await done(call, 'AddReseller', ofReseller);
    await draw('Reseller', ofReseller, reseller);
    for (const [at, share] of groups.entries()) {
      const place = { ...ofReseller, groupId: `g${at}` };
      await done(call, 'AddGroup', place);
      if (share > 0) await draw('Group', place, share);
      places.push({ place, exhausted: share > 0 ? `group 'g${at}'` : `reseller 'ent${index}'` });
    }
  }

  const made: StormPerson[] = [];
  await inBatches(people, atOnce, async (index) => {
    const { place, exhausted } = places[index % places.length]!;
    const broadworksUserId = `person${index}@op.example`;
    await done(call, 'AddUser', { ...place, broadworksUserId });
    made[index] = { broadworksUserId, exhausted };
  });
  return made;
}
