import { z } from 'zod';
import type { Spelling } from '../kit/index.js';
import { type FieldContract, type ServiceContract, services } from './contract.js';

type Names = Readonly<Record<string, string>>;

const known = new Set(services.flatMap(({ name }) => [name, `${name}:types`]));
// the characters of RFC 3986: what is no URI makes a schema unreadable for some toolkits
const uriText = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[\w.~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+(?:#[\w.~:/?@!$&'()*+,;=-]*)?$/;
const isUri = (text: string): boolean => uriText.test(text) && URL.canParse(text);

/**
 * Namespaces of a site that has an original WSDL: `SpLogin` for the operations of a service, `SpLogin:types` for its types; without
 * the latter the types have the former with `:types` behind it.
 */
export const namespaceSettings = z.record(z.string(), z.string()).superRefine((settings, problems) => {
  const refuse = (key: string, message: string): void => problems.addIssue({ code: 'custom', path: [key], message });
  for (const key of Object.keys(settings)) {
    if (!known.has(key))
      refuse(key, `is none of ${services.map(({ name }) => name).join(', ')}, with or without :types`);
  }
  for (const { name } of services) {
    const { operations, types } = namespacesOf(name, settings);
    if (!isUri(operations)) refuse(name, 'must be an absolute URI');
    // http://sp.example.com:types is none: a port is a number
    else if (!isUri(types)) refuse(`${name}:types`, `must be given, and be an absolute URI: "${types}" is none`);
    if (operations === types) refuse(`${name}:types`, 'must differ from the namespace of the operations');
  }
});

function namespacesOf(service: string, settings: Names): { readonly operations: string; readonly types: string } {
  const operations = settings[service] ?? ownNamespace(service);
  return { operations, types: settings[`${service}:types`] ?? `${operations}:types` };
}

const ownNamespace = (service: string): string => `urn:prm:4.0:${service}`;

/**
 * How a channel spells a service. The aliases of the contract are always read; lenient reading takes the other chapters' spelling
 * of a field too (`Name` and `name`, `spAccountID` and `spAccountId`).
 */
export function spellingOf(service: ServiceContract, settings: Names, lenient: boolean): Spelling {
  const { operations, types } = namespacesOf(service.name, settings);
  return {
    namespace: operations,
    namespaces: { [`${ownNamespace(service.name)}:types`]: types },
    // the guides print impl:ArrayOf_tns1_Property, so an item is in the namespace of the operations; who takes it for a part of
    // its bean is understood too
    elementAliases: { [`{${types}}item`]: 'item', ...aliasesOf(service), ...(lenient ? lenientNames(service) : {}) },
  };
}

function fieldsOf({ operations, beans }: ServiceContract): readonly FieldContract[] {
  return [...[...operations.values()].flatMap(({ inputs }) => inputs), ...[...beans.values()].flat()];
}

function aliasesOf(service: ServiceContract): Names {
  return Object.fromEntries(
    fieldsOf(service).flatMap((field) => field.aliases.map((alias) => [alias, wireName(service, field)])),
  );
}

const wireName = ({ name }: ServiceContract, field: FieldContract): string => field.wire[name] ?? field.name;

/** All spellings the guides have of one name of ours. */
const spellings = new Map<string, Set<string>>();
for (const field of services.flatMap(fieldsOf)) {
  const found = spellings.get(field.name) ?? new Set([field.name]);
  for (const wire of Object.values(field.wire)) found.add(wire);
  spellings.set(field.name, found);
}

function lenientNames(service: ServiceContract): Names {
  return Object.fromEntries(
    fieldsOf(service).flatMap((field) => {
      const own = wireName(service, field);
      return [...spellings.get(field.name)!].filter((other) => other !== own).map((other) => [other, own]);
    }),
  );
}
