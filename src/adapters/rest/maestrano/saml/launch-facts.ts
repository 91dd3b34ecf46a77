import type { Voucher } from '../../../../core/identity/index.js';
import type { GroupProfile, LaunchFacts, ResellerFacts } from '../../../../core/provisioning/index.js';
import type { Instant } from '../../../../core/shared/clock.js';
import type { MaestranoChannel } from '../connection.js';
import { readDateTime } from './verify/date-time.js';
import { refuse } from './verify/refused.js';

export interface Launched {
  readonly facts: LaunchFacts;
  readonly voucher: Voucher;
  readonly recheckAt: Instant;
}

/** Attributes with a place of their own; the rest is kept as it came. */
const placed = new Set([
  ...[
    'mno_session',
    'mno_session_recheck',
    'uid',
    'virtual_uid',
    'email',
    'virtual_email',
    'name',
    'surname',
    'country',
  ],
  ...['company_name', 'group_uid', 'group_name', 'group_role', 'group_end_free_trial', 'group_has_credit_card'],
  ...['group_email', 'group_currency', 'group_timezone', 'group_country', 'group_city', 'group_org_uid'],
  ...['group_reseller_id', 'reseller_id', 'reseller_name', 'reseller_country'],
]);

/** What is kept is read by people and stays in the journal. */
const secretName = /password|secret|token|session/i;

const caps = { token: 2_000, kept: 100, name: 100, value: 16_000 };

/**
 * What the attributes of an assertion say, in the words of the core (spec Maestrano 1.4, the table and validation 9). Optional ones
 * may be missing, an unknown role is a role, and unknown attributes are kept up to a size, unless they sound like secrets.
 * @throws Refused attribute_missing or attribute_value
 */
export function readLaunch(attributes: ReadonlyMap<string, string>, channel: MaestranoChannel): Launched {
  const { settings } = channel;
  const virtual = settings.creationMode === 'virtual';
  const optional = (name: string): string => attributes.get(name) ?? '';
  const present = (name: string): string => attributes.get(name) ?? refuse('attribute_missing', name);
  const filled = (name: string): string => present(name) || refuse('attribute_missing', name);
  const instant = (name: string): Instant => readDateTime(filled(name)) ?? refuse('attribute_value', name);
  const session = filled('mno_session');
  if (session.length > caps.token) refuse('attribute_value', 'mno_session');
  const groupUid = filled('group_uid');
  // the re-check takes either; the plain one is also what signing out wants
  const plainUid = optional('uid') || filled('virtual_uid');
  return {
    recheckAt: instant('mno_session_recheck'),
    voucher: { uid: plainUid, session, groupUid },
    facts: {
      channelId: channel.id,
      applicationKey: settings.application,
      planKey: settings.plan,
      licenseTypeCode: settings.licenseType,
      linkByEmail: settings.linkByEmail,
      virtual,
      groupUid,
      groupName: optional('group_name'),
      companyName: optional('company_name'),
      trialEndsAt: instant('group_end_free_trial'),
      groupProfile: groupProfile(optional),
      reseller: reseller(optional),
      userUid: filled(virtual ? 'virtual_uid' : 'uid'),
      email: filled(virtual ? 'virtual_email' : 'email'),
      givenName: present('name'),
      familyName: present('surname'),
      country: optional('country'),
      role: present('group_role'),
      attributes: kept(attributes),
    },
  };
}

type Optional = (name: string) => string;

function groupProfile(optional: Optional): GroupProfile {
  return {
    email: optional('group_email'),
    currency: optional('group_currency'),
    timeZone: optional('group_timezone'),
    country: optional('group_country'),
    city: optional('group_city'),
    organizationUid: optional('group_org_uid'),
    resellerId: optional('group_reseller_id'),
    hasCreditCard: truth(optional('group_has_credit_card')),
  };
}

function reseller(optional: Optional): ResellerFacts | null {
  const id = optional('reseller_id');
  return id === '' ? null : { id, name: optional('reseller_name'), country: optional('reseller_country') };
}

/** Booleans are text; anything else says nothing. */
function truth(text: string): boolean | null {
  const word = text.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : null;
}

function kept(attributes: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const others = [...attributes].filter(
    ([name, value]) =>
      !placed.has(name) &&
      !secretName.test(name) &&
      name !== '' &&
      name.length <= caps.name &&
      value.length <= caps.value,
  );
  return Object.fromEntries(others.slice(0, caps.kept));
}
