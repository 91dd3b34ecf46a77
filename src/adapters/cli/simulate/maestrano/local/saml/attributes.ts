import { type Instant, second, shift } from '../../../../../../core/shared/clock.js';
import { mask } from '../marketplace.js';
import type { Group, LocalMarketplace, Login, Person } from '../model.js';

export interface SignedInPerson {
  readonly marketplace: LocalMarketplace;
  readonly person: Person;
  readonly group: Group;
  readonly role: string;
  readonly login: Login;
}

/** Mail domain of virtual addresses. */
export const virtualMailDomain = 'mail.maestrano.example';

/** What a response says about the person and the group; blank values are left out (spec Maestrano 1.4). */
export function attributesOf(
  { marketplace, person, group, role, login }: SignedInPerson,
  now: Instant,
  recheckSeconds: number,
): readonly (readonly [name: string, value: string])[] {
  const virtualUid = mask(person.uid, group.uid);
  const reseller = marketplace.resellers.get(group.resellerId);
  const attributes: [string, string][] = [
    ['mno_uid', marketplace.virtual ? virtualUid : person.uid],
    ['mno_session', login.token],
    ['mno_session_recheck', seconds(shift(now, recheckSeconds * second))],
    ['uid', person.uid],
    ['virtual_uid', virtualUid],
    ['email', person.email],
    ['virtual_email', `${virtualUid}@${virtualMailDomain}`],
    ['name', person.name],
    ['surname', person.surname],
    ['country', person.country],
    ['company_name', person.companyName],
    ['group_uid', group.uid],
    ['group_name', group.name],
    ['group_role', role],
    ['group_end_free_trial', seconds(group.freeTrialEndAt)],
    ['group_has_credit_card', String(group.hasCreditCard)],
    ['group_email', group.email],
    ['group_currency', group.currency],
    ['group_timezone', group.timeZone],
    ['group_country', group.country],
    ['group_city', group.city],
    ['group_org_uid', group.organizationUid],
    ['group_reseller_id', group.resellerId],
    ['reseller_id', reseller?.id ?? ''],
    ['reseller_name', reseller?.name ?? ''],
    ['reseller_country', reseller?.country ?? ''],
    ['app_owner', 'true'],
    ['organizations', JSON.stringify({ [group.organizationUid]: { name: group.name, role } })],
  ];
  // An empty surname is sent as it is: it is required.
  return attributes.filter(([name, value]) => value !== '' || name === 'surname');
}

/** As Ruby prints it: without milliseconds. */
export function seconds(instant: Instant): string {
  return instant.replace(/\.\d+Z$/, 'Z');
}
