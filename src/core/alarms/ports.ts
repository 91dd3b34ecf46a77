import type { Actor } from '../shared/actor.js';
import type { Instant } from '../shared/clock.js';
import type { Repository } from '../shared/repository.js';
import type { Window } from '../shared/window.js';
import type { AlarmSeverity } from './catalogue.js';
import type { Alarm, AlarmCondition, RaisedAlarm } from './model.js';

export interface AlarmRepository extends Repository<Alarm> {
  /** Waits until no other unit gives instance numbers; none does from then on until this unit ends. */
  takeTurn(): Promise<void>;
  /** The first of `count` instance numbers nobody had; only after `takeTurn`. */
  nextNumbers(count: number): Promise<bigint>;
  /** The newest alarm of the condition, open or not. */
  newest(condition: AlarmCondition): Promise<Alarm | undefined>;
  /** Open alarms whose condition has ended by itself, the oldest first, locked; those others hold are left out. */
  claimEnded(now: Instant, limit: number): Promise<Alarm[]>;
  /** The address of the server this process runs on; '' when nobody said. */
  readonly server: string;
}

export interface AlarmRepositories {
  readonly alarms: AlarmRepository;
}

/**
 * Alarms from outside any unit of work, so that a refused command is reported too. Neither method throws: what could not be
 * reported is logged, and never changes the answer of whoever reports.
 */
export interface AlarmReporter {
  raise(alarm: RaisedAlarm): Promise<void>;
  /** The condition has ended. */
  clear(condition: AlarmCondition): Promise<void>;
}

/** All that is given must hold. */
export interface AlarmFilter {
  readonly typeNumber?: number;
  readonly severity?: AlarmSeverity;
  /** Occurred then or later. */
  readonly from?: Instant;
  /** Occurred before. */
  readonly to?: Instant;
}

/**
 * Alarms by position, for protocols that page so: open and cleared, cut to what the actor may see. Operators see all of them;
 * the operator's accounts of a channel (without a tenant, with a level) that channel's and the hub's own; nobody else any.
 */
export interface AlarmHistory {
  count(actor: Actor, filter: AlarmFilter): Promise<bigint>;
  /** The alarms at these positions in the order (occurredAt, id). */
  list(actor: Actor, filter: AlarmFilter, window: Window): Promise<Alarm[]>;
}

/** What the relay does not get rid of, by subscriber. */
export interface DeliveryTrouble {
  readonly subscriber: string;
  /** Deliveries that were given up. */
  readonly parked: number;
  readonly lastParkedAt: Instant | null;
  /** Deliveries that failed several times and are tried again. */
  readonly failing: number;
  /** Why, of one of them. */
  readonly problem: string;
}

export interface DeliveryTroubles {
  /** Subscribers with a parked delivery, or one that failed `attempts` times or more. */
  list(attempts: number): Promise<DeliveryTrouble[]>;
  /** Deliveries to the subscriber that were given up after that instant and still are; '' = all. */
  parkedSince(subscriber: string, since: Instant | ''): Promise<number>;
}
