import type { Instant } from '../shared/clock.js';
import type { Repository } from '../shared/repository.js';
import type { Approval, Instance, TrafficClient, TrafficCredential } from './model.js';
import type { TrafficName } from './traffic-client-id.js';

/** Wrong traffic passwords in a row, by instance: in the unit that may lock it. */
export interface TrafficFailures {
  /** One more; returns how many there are now. The caller has locked the instance. */
  add(instanceId: string): Promise<number>;
  /** The next one is the first again. */
  clear(instanceId: string): Promise<void>;
}

export interface ProvisioningRepositories {
  readonly instances: Repository<Instance>;
  readonly approvals: Repository<Approval>;
  readonly trafficCredentials: Repository<TrafficCredential>;
  readonly trafficFailures: TrafficFailures;
}

export interface FoundTraffic {
  /** Undefined when nobody is called that, or the instance holds no credential. */
  readonly client: TrafficClient | undefined;
  /** When the block on the throttle key ends; null when there is none. */
  readonly blockedUntil: Instant | null;
}

/** What traffic authentication reads on every call: one statement, never cached, the same for a name nobody has. */
export interface TrafficLookup {
  find(name: TrafficName, throttleKey: string): Promise<FoundTraffic>;
}

export interface TrafficPasswords {
  /**
   * Whether the password is the client's; a right one is remembered for a minute under instance, credential version and password.
   * For nobody it does the work of a wrong one. Throws `busy`.
   */
  verify(client: TrafficClient | undefined, password: string): Promise<boolean>;
}
