import type { ThrottleRule, Throttles } from '../../identity/index.js';
import type { Units } from '../../repositories.js';
import { type Actor, requireEverywhere, systemActor } from '../../shared/actor.js';
import { type Clock, minute } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import { stateOf } from '../../shared/lifecycle.js';
import { transitions } from '../../shared/transitions.js';
import type { Command } from '../../shared/unit-of-work.js';
import type { TrafficClient } from '../model.js';
import type { TrafficLookup, TrafficPasswords } from '../ports.js';
import type { TrafficName } from '../traffic-client-id.js';
import { refuseWhileBlocked, trafficThrottleKey } from '../traffic-throttle.js';
import { type TrafficVerdict, trafficVerdictOn } from '../traffic-verdict.js';
import { countTrafficFailure } from './count-traffic-failure.js';

export interface CheckTrafficPorts {
  readonly lookup: TrafficLookup;
  readonly passwords: TrafficPasswords;
  readonly throttles: Throttles;
  readonly units: Units;
  readonly clock: Clock;
}

/** The machine in front of the traffic that asks. */
export interface Gateway {
  readonly actor: Actor;
  readonly requestId: string;
  readonly address: string;
}

/** What a token of the hub says about who got it, once its signature and time are found right. */
export interface TrafficGrant {
  readonly name: TrafficName;
  readonly instanceId: string;
  /** Of the password the token was asked for with. */
  readonly credentialVersion: number;
}

/**
 * For names a wrong password cannot lock: nobody's, and those of instances that carry no traffic. Without it the answer "right, but
 * locked" would be free to guess against.
 */
export const guessRule: ThrottleRule = { limit: 30, windowMs: 5 * minute, blockMs: 5 * minute };

/** External ids are never empty. */
const nobody: TrafficName = { channel: '', provider: '', application: '', instance: '' };

const canLock = (client: TrafficClient): boolean => transitions.lock[stateOf(client.instance)] !== undefined;

/**
 * Gateways ask whether traffic may pass: an operator's machine, of level READ_ONLY or more. Passwords: a reason beyond
 * `credentials` only to whoever had the right one, and the same work for a name nobody has; wrong ones in a row lock. Tokens: what
 * is stored now decides, so a token ends with its password or its chain at once.
 * Errors: forbidden, throttled (only where nothing can be locked), busy.
 */
export function checkTraffic({ lookup, passwords, throttles, units, clock }: CheckTrafficPorts) {
  const command = ({ actor, requestId, address }: Gateway): Command => ({
    name: 'traffic.check',
    requestId,
    address,
    reason: `told by the gateway "${actor.kind === 'client' ? actor.clientId : ''}"`,
  });

  async function failed(gateway: Gateway, client: TrafficClient | undefined, key: string): Promise<void> {
    if (client === undefined || !canLock(client)) {
      await throttles.fail(key, guessRule);
      return;
    }
    const { instanceId } = client;
    await units.run(systemActor('traffic'), command(gateway), (tx) => countTrafficFailure(tx, { instanceId }));
  }

  return {
    /** `name` is undefined when what was typed names nothing. */
    async password(gateway: Gateway, name: TrafficName | undefined, password: string): Promise<TrafficVerdict> {
      requireGateway(gateway.actor);
      const key = trafficThrottleKey('gateway', name ?? nobody);
      const { client, blockedUntil } = await lookup.find(name ?? nobody, key);
      if (client === undefined || !canLock(client)) refuseWhileBlocked(blockedUntil, clock);
      if (!(await passwords.verify(client, password)) || client === undefined) {
        await failed(gateway, client, key);
        return { allowed: false, reason: 'credentials' };
      }
      if (client.failures > 0) {
        const { instanceId } = client;
        await units.run(systemActor('traffic'), command(gateway), (tx) => tx.trafficFailures.clear(instanceId));
      }
      return trafficVerdictOn(client);
    },

    /** `grant` is undefined when the token is none of the hub's for traffic, or has expired. */
    async token(gateway: Gateway, grant: TrafficGrant | undefined): Promise<TrafficVerdict> {
      requireGateway(gateway.actor);
      const { client } = grant === undefined ? { client: undefined } : await lookup.find(grant.name, '');
      const same = client?.instanceId === grant?.instanceId && client?.credentialVersion === grant?.credentialVersion;
      return client !== undefined && same ? trafficVerdictOn(client) : { allowed: false, reason: 'credentials' };
    },
  };
}

export type CheckTraffic = ReturnType<typeof checkTraffic>;

function requireGateway(actor: Actor): void {
  if (actor.kind !== 'client') throw new DomainError('forbidden', { right: 'ask as a gateway' });
  requireEverywhere(actor, 'read');
}
