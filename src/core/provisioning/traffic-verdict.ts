import { stoppedTrafficLink, type TrafficLink } from '../access/index.js';
import { stateOf } from '../shared/lifecycle.js';
import type { TrafficClient } from './model.js';

/** `credentials` also stands for a name nobody has. */
export type TrafficRefusal = 'credentials' | TrafficLink | 'locked';

export type TrafficVerdict =
  | { readonly allowed: true; readonly client: TrafficClient }
  | { readonly allowed: false; readonly reason: TrafficRefusal };

/** For a client whose password or token was right: may it send traffic now, and which link says no. */
export function trafficVerdictOn(client: TrafficClient): TrafficVerdict {
  const link = stoppedTrafficLink(client);
  if (link === undefined) return { allowed: true, client };
  const locked = link === 'instance' && stateOf(client.instance) === 'LOCKED';
  return { allowed: false, reason: locked ? 'locked' : link };
}
