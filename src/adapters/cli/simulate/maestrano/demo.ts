import { day, shift } from '../../../../core/shared/clock.js';
import { createRecord } from './local/connec/records.js';
import { addGroup, addPerson, addReseller, type LocalMaestrano } from './local/index.js';
import { goods, marketplaceNames } from './sandbox.js';

const people = [
  ['ada', 'Ada', 'Okoye'],
  ['ben', 'Ben', 'Sørensen'],
  ['cleo', 'Cleo', 'Marchetti'],
  ['dafni', 'Δάφνη', ''],
] as const;

/** A marketplace that is there to be connected by whoever looks at the demo. */
export const yours = 'yours';

/**
 * People and companies to click through, in all marketplaces with the same uids; other ids than those of an earlier run. One more
 * marketplace is listed that no channel is connected to.
 */
export async function addDemo(local: LocalMaestrano, stamp: string): Promise<void> {
  await local.list({ name: yours, title: 'Your Market', offer: { application: goods.application, plan: goods.plan } });
  const now = local.now();
  for (const name of [...Object.values(marketplaceNames), yours]) {
    const marketplace = local.marketplace(name);
    const uid = (key: string): string => `usr-${stamp}-${key}`;
    for (const [key, given, surname] of people) {
      const email = `${key}@${stamp}.${name}.example`;
      addPerson(
        marketplace,
        { uid: uid(key), name: given, surname, email, companyName: 'Harbor Bakery', country: 'FR' },
        now,
      );
    }
    addReseller(marketplace, { id: `rsl-${stamp}`, name: 'Coastline Resale', code: 'COAST', country: 'FR' }, now);
    const bakery = addGroup(
      marketplace,
      { uid: `cld-${stamp}-bakery`, name: 'Harbor Bakery', resellerId: `rsl-${stamp}` },
      now,
    );
    bakery.members.set(uid('ada'), 'Super Admin').set(uid('ben'), 'Member').set(uid('cleo'), 'Power User');
    const over = { freeTrialEndAt: shift(now, -day) };
    const books = addGroup(marketplace, { uid: `cld-${stamp}-books`, name: 'Lantern & Sons Books', ...over }, now);
    books.members.set(uid('ada'), 'Member').set(uid('dafni'), 'Admin');
    for (const [first_name, last_name] of [
      ['Edda', 'Nyström'],
      ['Farid', 'Haddad'],
    ]) {
      const email = { address: `${first_name}@${stamp}.${name}.example`.toLowerCase() };
      createRecord(marketplace, bakery, 'people', { first_name, last_name, email }, now);
    }
  }
}
