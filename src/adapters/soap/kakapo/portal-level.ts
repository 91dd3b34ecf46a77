import type { Located } from '../../../core/hierarchy-reader.js';
import type { Input, KakapoCall } from './context.js';
import { locate, missing } from './locate.js';
import { Refusal } from './refusal.js';
import { optional } from './scope.js';

/** Where something stands that may be at a provider, a reseller or a group. */
export interface PortalLevel {
  readonly located: Located;
  readonly level: 'system provider' | 'reseller' | 'group';
  readonly tenantId: string;
}

/** Reads a level out of two optional parameters: without a group it is the reseller, without both the provider. Throws a `Refusal`. */
export async function locateLevel(
  call: KakapoCall,
  input: Input,
  names: { readonly reseller: string; readonly group: string },
): Promise<PortalLevel> {
  const reseller = optional(input, names.reseller);
  const group = optional(input, names.group);
  if (group !== undefined && reseller === undefined) {
    throw new Refusal(`Parameter ${names.reseller} is mandatory where ${names.group} is given`);
  }
  const located = await locate(call, input, { reseller, group });
  if (reseller === undefined) return { located, level: 'system provider', tenantId: located.provider };
  if (located.reseller === null) throw missing('reseller', reseller);
  if (group === undefined) return { located, level: 'reseller', tenantId: located.reseller };
  if (located.group === null) throw missing('group', group);
  return { located, level: 'group', tenantId: located.group };
}
