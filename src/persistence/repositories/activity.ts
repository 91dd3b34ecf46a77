import type { SpanKind } from '../../core/billing/index.js';
import { isLive } from '../../core/shared/lifecycle.js';
import { subscriptions } from '../tables/billing.js';
import { applications } from '../tables/catalog.js';
import type { Table } from '../tables/define-table.js';
import { memberships, users } from '../tables/identity.js';
import { instances } from '../tables/provisioning.js';
import { tenants } from '../tables/tenancy.js';

/** Whether a row counts as active by itself: what active spans record, whichever command changed it. */
export interface Activity<T> {
  readonly kind: SpanKind;
  isActive(row: T): boolean;
}

const byTable = new Map<string, Activity<unknown>>();

function activity<T>(table: Table<T>, kind: SpanKind, isActive: (row: T) => boolean): void {
  byTable.set(table.name, { kind, isActive: isActive as (row: unknown) => boolean });
}

activity(tenants, 'tenant', isLive);
activity(applications, 'application', isLive);
activity(instances, 'instance', isLive);
activity(users, 'user', (user) => user.terminatedAt === null && user.holds.length === 0);
activity(memberships, 'membership', (member) => member.terminatedAt === null && member.holds.length === 0);
activity(subscriptions, 'subscription', (subscription) => subscription.status === 'ACTIVE');

export function activityOf<T>(table: Table<T>): Activity<T> | undefined {
  return byTable.get(table.name) as Activity<T> | undefined;
}
