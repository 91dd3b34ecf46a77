import { bindExternalRef, findExternalRef } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { found } from '../../shared/checks.js';
import { checkEmail } from '../../shared/text.js';
import {
  type Contact,
  checkCountry,
  checkTimeZone,
  createTenant,
  type Tenant,
  updateTenant,
} from '../../tenancy/index.js';
import { cleanText, validOrNone } from './clean-text.js';
import type { LaunchFacts } from './facts.js';
import { reopenTenants } from './reopen.js';
import { ensureReseller } from './reseller.js';

/** The tenant of a group: found and locked, open again when it had ended, or made (spec Maestrano 1.4 linking 1 and 6). */
export async function ensureCompany(
  tx: Unit,
  facts: LaunchFacts,
): Promise<{ readonly tenant: Tenant; readonly created: boolean }> {
  const { channelId, groupUid } = facts;
  const key = { channelId, kind: 'tenant', externalId: groupUid } as const;
  const ref = await findExternalRef(tx, key);
  if (ref !== undefined) {
    const tenant = found('tenant', await tx.tenants.rely(ref.targetId));
    return { tenant: await reopenTenants(tx, tenant), created: false };
  }
  const parentId = await ensureReseller(tx, facts);
  const profile = companyProfile(facts);
  const tenant = await createTenant(tx, {
    kind: 'customer',
    name: companyName(facts),
    parentId,
    channelId,
    country: profile.country,
    timeZone: profile.timeZone,
    contact: profile.contact,
  });
  await bindExternalRef(tx, { ...key, targetId: tenant.id });
  return { tenant, created: true };
}

/** What is told of the company and differs from what was told before; a value the hub cannot keep changes nothing. */
export async function refreshCompany(
  tx: Unit,
  tenant: Tenant,
  facts: LaunchFacts,
  before: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (tenant.channelId !== facts.channelId || tenant.pending !== '') return;
  const { country, timeZone, contact } = companyProfile(facts);
  const { groupProfile } = facts;
  await updateTenant(tx, {
    id: tenant.id,
    ...(country !== '' && before.country !== groupProfile.country && { country }),
    ...(timeZone !== '' && before.timeZone !== groupProfile.timeZone && { timeZone }),
    ...(contact.email !== undefined && before.email !== groupProfile.email && { contact }),
  });
}

/** What the group is called: a company typed at sign-up may stand in, and after that the id, which is always there. */
function companyName({ groupName, companyName: typed, groupUid }: LaunchFacts): string {
  return cleanText(groupName) || cleanText(typed) || cleanText(groupUid);
}

function companyProfile({ groupProfile }: LaunchFacts): {
  readonly country: string;
  readonly timeZone: string;
  readonly contact: Contact;
} {
  const email = validOrNone(cleanText(groupProfile.email, 400), (value) => checkEmail('email', value));
  return {
    country: validOrNone(cleanText(groupProfile.country).toUpperCase(), checkCountry),
    timeZone: validOrNone(cleanText(groupProfile.timeZone, 64), checkTimeZone),
    contact: email === '' ? {} : { email },
  };
}
