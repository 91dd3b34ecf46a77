import { checkEmail } from '../../../../../core/shared/text.js';
import {
  type Contact,
  checkCountry,
  checkTimeZone,
  type Tenant,
  type UpdateTenantInput,
} from '../../../../../core/tenancy/index.js';
import type { Fields } from '../paths.js';
import { checkedIn, type SharedPath, textIn } from './built-in.js';

/** What a company and an organization have in common (spec Maestrano 1.8). */
export const tenantPaths: readonly SharedPath[] = [
  ['name'],
  ['email.address'],
  ['phone.landline'],
  ['address.billing.country', 'address.shipping.country'],
];

export const companyPaths: readonly SharedPath[] = [...tenantPaths, ['timezone']];

export function tenantFields({ name, contact, country }: Tenant): [string, unknown][] {
  return [
    ['name', name],
    ['email.address', contact.email ?? ''],
    ['phone.landline', contact.phone ?? ''],
    ['address.billing.country', country],
  ];
}

/** What of a record a tenant can take over; a name is never taken away. */
export function tenantChange(fields: Fields): Omit<UpdateTenantInput, 'id'> {
  const name = textIn(fields, 'name');
  const country = checkedIn(fields, 'address.billing.country', (value) => checkCountry(value.toUpperCase()));
  const timeZone = checkedIn(fields, 'timezone', checkTimeZone);
  const email = checkedIn(fields, 'email.address', (value) => checkEmail('email', value));
  const phone = textIn(fields, 'phone.landline', 40);
  const contact: Contact = { ...(email !== undefined && { email }), ...(phone !== undefined && { phone }) };
  return {
    ...(name !== undefined && name !== '' && { name }),
    ...(country !== undefined && { country }),
    ...(timeZone !== undefined && { timeZone }),
    ...(Object.keys(contact).length > 0 && { contact }),
  };
}
