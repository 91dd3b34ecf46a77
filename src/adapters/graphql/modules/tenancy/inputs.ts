import { ID, InputType } from 'type-graphql';
import type { TenantKind } from '../../../../core/tenancy/index.js';
import { ChangeInput, CommandInput, given } from '../command.js';
import { Optional, Required } from '../input-fields.js';
import { PropertyInput } from '../properties.js';
import { TenantKinds } from './types.js';

@InputType('ContactInput', { description: 'Whom to talk to.' })
export class ContactInput {
  @Optional(() => String, 'Their name.')
  name?: string | null;

  @Optional(() => String, 'Their e-mail address.')
  email?: string | null;

  @Optional(() => String, 'Their telephone number.')
  phone?: string | null;

  @Optional(() => String, 'Their postal address, as one text of several lines.')
  address?: string | null;
}

@InputType('CreateTenantInput')
export class CreateTenantInput extends CommandInput {
  @Required(() => TenantKinds, 'What it is in the tree.')
  kind!: TenantKind;

  @Required(() => String, 'Its name.')
  name!: string;

  @Optional(() => ID, 'The tenant above; absent for the top of a tree, which only operators make.')
  parentId?: string | null;

  @Optional(() => String, 'ISO 3166-1 alpha-2.')
  country?: string | null;

  @Optional(() => String, 'IANA name, for display only.')
  timeZone?: string | null;

  @Optional(() => ContactInput, 'Whom to talk to.')
  contact?: ContactInput | null;

  @Optional(() => [PropertyInput], 'Name-value pairs.')
  properties?: PropertyInput[] | null;
}

@InputType('UpdateTenantInput')
export class UpdateTenantInput extends ChangeInput {
  @Optional(() => String, 'Its name; cannot be cleared.')
  name?: string | null;

  @Optional(() => String, 'ISO 3166-1 alpha-2.')
  country?: string | null;

  @Optional(() => String, 'IANA name, for display only.')
  timeZone?: string | null;

  @Optional(() => ContactInput, 'Whom to talk to: each part of it sets, clears or stays.')
  contact?: ContactInput | null;

  @Optional(() => [PropertyInput], 'Replaces all its name-value pairs.')
  properties?: PropertyInput[] | null;
}

@InputType('TerminateTenantInput')
export class TerminateTenantInput extends ChangeInput {
  @Optional(
    () => Boolean,
    '`true` ends every tenant below it too, all or none. Otherwise, and when absent, IN_USE while there is one.',
  )
  withTenantsBelow?: boolean | null;
}

const noContact = { name: '', email: '', phone: '', address: '' };

/** `null` clears all of it. */
export function contactOf(contact: ContactInput | null | undefined) {
  if (contact === undefined) return {};
  return { contact: contact === null ? noContact : given(contact, noContact) };
}
