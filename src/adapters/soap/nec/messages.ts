import type { Instant } from '../../../core/shared/clock.js';
import { invalid } from '../../../core/shared/errors.js';
import { checkText } from '../../../core/shared/text.js';
import { required } from './faults.js';

/** Decoded inputs, as wsdl/nec/NcbsIsvService.wsdl has them. Everything may be missing: what an operation needs it checks itself. */
export interface Common {
  readonly requestId?: string;
  readonly customerId?: string;
}

export interface RealmKey extends Common {
  readonly realmId?: string;
}

export interface UserKey extends RealmKey {
  readonly userId?: string;
}

export interface LicenceItem {
  readonly licenceCode?: string;
  readonly quantity?: number;
  readonly unit?: string;
}

export interface ParameterItem {
  readonly name?: string;
  readonly value?: string;
}

export interface UserFields {
  readonly userId?: string;
  readonly loginName?: string;
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly locale?: string;
  readonly role?: string;
  readonly licenceCodes?: readonly string[];
}

export interface CreateRealmInput extends RealmKey {
  readonly customerName?: string;
  readonly country?: string;
  readonly applicationId?: string;
  readonly offerCode?: string;
  readonly licences?: readonly LicenceItem[];
  readonly trialEnd?: Instant;
  readonly parameters?: readonly ParameterItem[];
  readonly adminUser?: UserFields;
}

export interface SetupRealmInput extends RealmKey {
  readonly parameters?: readonly ParameterItem[];
}

export interface UpdateRealmInput extends SetupRealmInput {
  readonly customerName?: string;
  readonly country?: string;
  readonly contact?: string;
}

export interface ModifyRealmInput extends RealmKey {
  readonly licences?: readonly LicenceItem[];
  readonly offerCode?: string;
  readonly effectiveOn?: Instant;
}

export interface DeleteRealmInput extends RealmKey {
  readonly purge?: boolean;
}

export interface CreateUserInput extends RealmKey {
  readonly user?: UserFields;
}

export interface CreateUsersInput extends RealmKey {
  readonly users?: readonly UserFields[];
}

export interface ReplaceUsersInput extends RealmKey {
  readonly remove?: readonly string[];
  readonly add?: readonly UserFields[];
  readonly licenceCode?: string;
}

export type UpdateUserInput = RealmKey & UserFields;

export interface StatusInput extends UserKey {
  readonly status?: number;
}

export interface PagingInput extends RealmKey {
  readonly startIndex?: number;
  readonly maxEntries?: number;
}

export interface UsageInput extends RealmKey {
  readonly at?: Instant;
}

export interface PasswordInput extends UserKey {
  readonly oldPassword?: string;
  readonly newPassword?: string;
}

export interface PingInput extends Common {
  readonly text?: string;
}

export interface LoginInput extends UserKey {
  readonly clientIp?: string;
  readonly returnUrl?: string;
  readonly locale?: string;
}

export interface LogoutInput extends UserKey {
  readonly sessionId?: string;
}

export interface AuthenticateInput extends RealmKey {
  readonly loginName?: string;
  readonly password?: string;
}

/** An id or a code that must be there, as it is stored: 1 to `maxLength` characters without outer blanks. */
export function need(field: string, value: string | undefined, maxLength = 200): string {
  if (value === undefined || value === '') throw required(field);
  return checkText(field, value, maxLength);
}

export function needList<T>(field: string, value: readonly T[] | undefined, most = 1_000): readonly T[] {
  if (value === undefined || value.length === 0) throw required(field);
  if (value.length > most) throw invalid(field, `must not be more than ${most}`);
  return value;
}

/** Parameters by name; the last of a repeated name counts. */
export function readParameters(items: readonly ParameterItem[]): Record<string, string> {
  const parameters: Record<string, string> = Object.create(null);
  for (const { name, value } of items) parameters[need('parameters name', name)] = value ?? '';
  return parameters;
}

/** The page asked for: from `startIndex` (default 0), `maxEntries` (default 100, at most 1,000) entries. */
export function readPaging({ startIndex = 0, maxEntries = 100 }: PagingInput): { offset: number; limit: number } {
  if (startIndex < 0) throw invalid('startIndex', 'must not be negative');
  if (maxEntries < 1) throw invalid('maxEntries', 'must be at least 1');
  return { offset: startIndex, limit: Math.min(maxEntries, 1_000) };
}

/** The content of a message for comparison: the operation and every field but requestId, in a fixed order. */
export function contentOf(operation: string, input: Common): string {
  const { requestId: _, ...fields } = input;
  return JSON.stringify([operation, sorted(fields)]);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, sorted(field)]);
}
