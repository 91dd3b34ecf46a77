import type { Application } from '../../../core/catalog/index.js';
import type { Instance } from '../../../core/provisioning/index.js';
import type { FindXmlFault } from '../../../core/servicelevels/index.js';
import { invalid } from '../../../core/shared/errors.js';
import type { Property } from '../../../core/shared/properties.js';
import type { Tenant } from '../../../core/tenancy/index.js';

/** A bean of a message, with canonical names; nil and absent are both undefined. */
type Bean = Readonly<Record<string, unknown>>;

const text = (bean: Bean, name: string): string => (bean[name] as string | undefined) ?? '';
/** '' is what the hub keeps of nothing. */
const orNil = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

export function readProperties(bean: Bean): readonly Property[] {
  const items = (bean.properties ?? []) as readonly { readonly name?: string; readonly value?: string }[];
  return items.map(({ name, value }) => {
    if (name === undefined || name === '') throw invalid('properties', 'every property needs a name');
    return { name, value: value ?? null };
  });
}

export function writeProperties(properties: readonly Property[]): readonly object[] | undefined {
  if (properties.length === 0) return undefined;
  return properties.map(({ name, value }) => ({ name, value: value ?? undefined }));
}

/** What a message says of an account replaces all of it; without a name it keeps the one it has. */
export function readSpAccount(bean: Bean = {}) {
  return {
    ...named(bean),
    contact: {
      name: text(bean, 'contactPerson'),
      email: text(bean, 'eMailAddress'),
      phone: text(bean, 'phoneNumber'),
      address: text(bean, 'address'),
    },
    properties: readProperties(bean),
  };
}

export function writeSpAccount({ name, contact, properties }: Pick<Tenant, 'name' | 'contact' | 'properties'>): Bean {
  return {
    name,
    address: orNil(contact.address),
    eMailAddress: orNil(contact.email),
    contactPerson: orNil(contact.name),
    phoneNumber: orNil(contact.phone),
    properties: writeProperties(properties),
  };
}

export function readAppAccount(bean: Bean = {}) {
  return { ...named(bean), description: text(bean, 'description'), properties: readProperties(bean) };
}

export function writeAppAccount({
  name,
  description,
  properties,
}: Pick<Application, 'name' | 'description' | 'properties'>): Bean {
  return { name, description: orNil(description), properties: writeProperties(properties) };
}

/** The SLA of an instance is not used any more (PRM guide 4.0, table 7-30): it is checked, and always answered as "1". */
export const instanceSla = '1';

export function readAppInstGroup(bean: Bean = {}, findXmlFault: FindXmlFault) {
  const sla = text(bean, 'sla');
  const fault = sla === '' || sla === instanceSla ? null : findXmlFault(sla);
  if (fault !== null) throw invalid('sla', `line ${fault.line}, column ${fault.column}: ${fault.problem}`);
  return { ...named(bean), description: text(bean, 'description'), properties: readProperties(bean) };
}

export function writeAppInstGroup({
  name,
  description,
  properties,
}: Pick<Instance, 'name' | 'description' | 'properties'>): Bean {
  return { name, description: orNil(description), sla: instanceSla, properties: writeProperties(properties) };
}

function named(bean: Bean): { readonly name?: string } {
  const name = text(bean, 'name');
  return name === '' ? {} : { name };
}
