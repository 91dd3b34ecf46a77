import { type Actor, reachOf } from '../../../core/shared/actor.js';
import { isOperatorOf } from '../../../core/tenancy/index.js';

export const operatorReferenceMeaning =
  'The operator’s own reference, given with an approval; empty when there is none, null for everybody but operators.';

/** Tenants see the object it stands in, so the row is no place to hide it. */
export function operatorReferenceFor(
  actor: Actor,
  { channelId, operatorReference }: { readonly channelId: string; readonly operatorReference: string },
): string | null {
  return isOperatorOf(actor, 'read', channelId) ? operatorReference : null;
}

/** What the journal keeps of an object, as the actor may see the object itself. */
export function journaledFor(actor: Actor, data: object): object {
  if (!Object.hasOwn(data, 'operatorReference') || reachOf(actor, 'read').everywhere) return data;
  return Object.fromEntries(Object.entries(data).filter(([field]) => field !== 'operatorReference'));
}
