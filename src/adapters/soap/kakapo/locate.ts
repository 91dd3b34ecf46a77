import type { Located, LocatedUser } from '../../../core/hierarchy-reader.js';
import type { Input, KakapoCall } from './context.js';
import type { Permutation } from './license-table.js';
import { Refusal } from './refusal.js';
import { need, optional, scopeOf } from './scope.js';
import { capitalized, type Level, placeName, shown } from './words.js';

export function missing(level: Level, id: string): Refusal {
  return new Refusal(`${capitalized(placeName(level, id))} was not found`);
}

export function present(level: Level, id: string): Refusal {
  return new Refusal(`${capitalized(placeName(level, id))} already exists`);
}

/** What a call names, each by our id; `hierarchy` looks once for all of it. Throws a `Refusal` naming what is not there. */
export async function locateProvider(call: KakapoCall, input: Input): Promise<Located> {
  return locate(call, input);
}

export async function locateReseller(call: KakapoCall, input: Input): Promise<Located & { readonly reseller: string }> {
  const located = await locate(call, input, { reseller: need(input, 'resellerId') });
  return { ...located, reseller: resellerOf(located, input) };
}

type LocatedGroup = Located & { readonly reseller: string; readonly group: string };

export async function locateGroup(call: KakapoCall, input: Input): Promise<LocatedGroup> {
  const located = await locate(call, input, { reseller: need(input, 'resellerId'), group: need(input, 'groupId') });
  return { ...located, reseller: resellerOf(located, input), group: groupOf(located, input) };
}

export function resellerOf(located: Located, input: Input): string {
  if (located.reseller === null) throw missing('reseller', need(input, 'resellerId'));
  return located.reseller;
}

export function groupOf(located: Located, input: Input): string {
  if (located.group === null) throw missing('group', need(input, 'groupId'));
  return located.group;
}

/** A user, who must be where the call says, if it says so; with the license type when one is asked for. */
export async function locateUser(
  call: KakapoCall,
  input: Input,
  permutation?: Permutation,
): Promise<Located & { readonly user: LocatedUser }> {
  const user = need(input, 'broadworksUserId');
  const licenseType = permutation && { application: permutation.application, code: permutation.licenseType };
  const located = await locate(call, input, { user, licenseType });
  if (located.user === null) throw new Refusal(`${userName(user)} was not found`);
  const { reseller, group } = located.user.place;
  const said = { reseller: optional(input, 'resellerId'), group: optional(input, 'groupId') };
  if ((said.reseller ?? reseller) !== reseller || (said.group ?? group) !== group) {
    throw new Refusal(`${userName(user)} belongs to ${ownerName(located.user)}`);
  }
  return { ...located, user: located.user };
}

export function userName(id: string): string {
  return `User '${shown(id)}'`;
}

/** The group somebody is in: `group 'g2' of reseller 'r2'`. */
export function ownerName({ place }: LocatedUser): string {
  return `${placeName('group', place.group)} of ${placeName('reseller', place.reseller)}`;
}

type Rest = Omit<Parameters<KakapoCall['ports']['readers']['hierarchy']['locate']>[1], 'provider'>;

export async function locate(call: KakapoCall, input: Input, rest: Rest = {}): Promise<Located> {
  const provider = need(input, 'serverHostName');
  const located = await call.ports.readers.hierarchy.locate(scopeOf(call), { provider, ...rest });
  if (located === null) throw missing('system provider', provider);
  return located;
}
