import type { Instant } from '../shared/clock.js';
import type { Repository } from '../shared/repository.js';
import type { Charge, ScheduledCommand, SpanKind, Subscription } from './model.js';

export interface ActiveSpans {
  /** Opens or closes the object's stretch of being active at the unit's instant; telling what is already so changes nothing. */
  record(objectKind: SpanKind, objectId: string, active: boolean): Promise<void>;
}

export interface ScheduledCommandRepository extends Repository<ScheduledCommand> {
  /** The oldest due and not done, locked, skipping what another worker holds. */
  claimDue(now: Instant): Promise<ScheduledCommand | undefined>;
}

export interface BillingRepositories {
  readonly subscriptions: Repository<Subscription>;
  readonly activeSpans: ActiveSpans;
  readonly scheduledCommands: ScheduledCommandRepository;
  readonly charges: Repository<Charge>;
}

/** Counts for one license type of an instance at one instant. */
export interface LicenseUsage {
  readonly licenseTypeId: string;
  readonly code: string;
  readonly purchased: number;
  readonly assigned: number;
  /** Held by people who were, like the whole chain above them, active at that instant, outside the trial. */
  readonly billable: number;
}
