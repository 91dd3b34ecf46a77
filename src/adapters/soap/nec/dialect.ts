import type { LicenseUsage } from '../../../core/billing/index.js';
import type { ManagedInstance, ManagedMember, ManagedPlace } from '../../../core/readers.js';
import type { Role } from '../../../core/shared/actor.js';
import { deletedStatus, disabledStatus, type NecSettings } from './config.js';
import type { Fields } from './context.js';

/** Words for roles: administrators and owners are ADMIN here, everything else is a MEMBER. */
const adminWords = new Set(['admin', 'administrator', 'owner']);

export function roleFrom(text: string | undefined): readonly Role[] {
  return adminWords.has((text ?? '').toLowerCase()) ? ['ADMIN'] : ['MEMBER'];
}

export function roleTo(roles: readonly Role[]): string {
  return roles.includes('ADMIN') || roles.includes('OWNER') ? 'admin' : 'member';
}

/** The number for "active" is the marketplace's choice; 7 and 9 are not. */
export function statusNumber(settings: NecSettings, state: { live: boolean; terminatedAt: string | null }): number {
  if (state.terminatedAt !== null) return deletedStatus;
  return state.live ? settings.enabledStatusValues[0]! : disabledStatus;
}

export function realmFields(settings: NecSettings, realm: ManagedInstance): Fields {
  return {
    realmId: realm.externalId,
    customerId: realm.tenantExternalId,
    customerName: realm.tenantName,
    applicationId: realm.applicationKey,
    status: statusNumber(settings, realm),
    licences: licenceItems(realm.quantities),
    parameters: Object.entries(realm.parameters).map(([name, value]) => ({ name, value })),
    createdOn: realm.createdAt,
  };
}

export function licenceItems(quantities: readonly { code: string; quantity: number }[]): readonly Fields[] {
  return quantities.map(({ code, quantity }) => ({ licenceCode: code, quantity }));
}

/** status: in effect, 7 while the realm is disabled; ownStatus: the user alone (spec NEC 4.10.2). */
export function userStatus(
  settings: NecSettings,
  realm: Pick<ManagedPlace, 'live'>,
  user: ManagedMember,
): { status: number; ownStatus: number } {
  return {
    status: statusNumber(settings, { ...user, live: user.live && realm.live }),
    ownStatus: statusNumber(settings, user),
  };
}

export function userFields(settings: NecSettings, realm: Pick<ManagedPlace, 'live'>, user: ManagedMember): Fields {
  return {
    userId: user.externalId,
    loginName: user.loginName,
    email: user.email,
    firstName: user.givenName,
    lastName: user.familyName,
    locale: user.locale,
    role: roleTo(user.roles),
    licenceCodes: user.licenseTypes,
    ...userStatus(settings, realm, user),
  };
}

export function usageFields(usage: readonly LicenseUsage[]): Fields {
  return {
    usage: usage.map(({ code, purchased, assigned, billable }) => ({
      licenceCode: code,
      purchased,
      assigned,
      billable,
    })),
  };
}
