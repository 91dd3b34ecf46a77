import type { Chains } from '../../core/access/index.js';
import type { ActiveSpans } from '../../core/billing/index.js';
import type { TokenRevocations } from '../../core/identity/index.js';
import type { AccountLogins, ChannelTasks } from '../../core/marketplace/index.js';
import type { TrafficFailures } from '../../core/provisioning/index.js';
import type { Repositories, Unit } from '../../core/repositories.js';
import type { Actor } from '../../core/shared/actor.js';
import type { DomainEvent } from '../../core/shared/events.js';
import type { Ids } from '../../core/shared/ids.js';
import type { Repository } from '../../core/shared/repository.js';
import type { Command, JournalNote } from '../../core/shared/unit-of-work.js';
import type { TenantTree } from '../../core/tenancy/index.js';
import type { UsageLedger } from '../../core/usage/index.js';
import { accountLoginsOf } from '../repositories/account-logins.js';
import { activeSpansOf } from '../repositories/active-spans.js';
import { SqlAlarmRepository } from '../repositories/alarm-repository.js';
import { chainsOn } from '../repositories/chains.js';
import { channelTasksOf } from '../repositories/channel-tasks.js';
import { SqlLicensePoolRepository } from '../repositories/license-pool-repository.js';
import { SqlScheduledCommandRepository } from '../repositories/scheduled-command-repository.js';
import { TableRepository } from '../repositories/table-repository.js';
import { tenantTreeOf } from '../repositories/tenant-tree.js';
import { tokenRevocationsOf } from '../repositories/token-revocations.js';
import { trafficFailuresOf } from '../repositories/traffic-failures.js';
import { alarms } from '../tables/alarms.js';
import { charges, scheduledCommands, subscriptions } from '../tables/billing.js';
import { applications, licenseTypes, plans } from '../tables/catalog.js';
import type { Table } from '../tables/define-table.js';
import {
  clientSessions,
  clients,
  identityProviders,
  loginTokens,
  memberships,
  sessions,
  userEmails,
  users,
} from '../tables/identity.js';
import { licensePools, licenses, poolChanges } from '../tables/licensing.js';
import {
  accountCertificates,
  channelRecords,
  channels,
  externalRefs,
  loginTickets,
  serviceAccounts,
  webhooks,
} from '../tables/marketplace.js';
import { approvals, instances, trafficCredentials } from '../tables/provisioning.js';
import { serviceLevelAgreements, serviceLevelGroups } from '../tables/servicelevels.js';
import { tenants } from '../tables/tenancy.js';
import { usageLedgerOf } from '../usage/ledger.js';
import type { OutboxBuffer } from './outbox-buffer.js';
import type { UnitContext } from './unit-context.js';

type PlainRepositories = {
  [K in keyof Repositories as Repositories[K] extends Repository<infer _T> ? K : never]: Repositories[K];
};

const plainTables: {
  [K in Exclude<keyof PlainRepositories, 'licensePools' | 'scheduledCommands' | 'alarms'>]: Table<never>;
} = {
  tenants,
  applications,
  licenseTypes,
  plans,
  instances,
  approvals,
  trafficCredentials,
  licenses,
  poolChanges,
  subscriptions,
  charges,
  channels,
  serviceAccounts,
  accountCertificates,
  loginTickets,
  externalRefs,
  channelRecords,
  webhooks,
  serviceLevelGroups,
  serviceLevelAgreements,
  users,
  userEmails,
  memberships,
  loginTokens,
  sessions,
  clientSessions,
  clients,
  identityProviders,
} as never;

/** One unit: its facts, its buffers, and every repository, made when first asked for. */
class UnitTx {
  readonly #context: UnitContext;
  readonly #outbox: OutboxBuffer;
  readonly #made = new Map<string, unknown>();

  constructor(context: UnitContext, outbox: OutboxBuffer) {
    this.#context = context;
    this.#outbox = outbox;
  }

  get actor(): Actor {
    return this.#context.actor;
  }
  get command(): Command {
    return this.#context.command;
  }
  get now(): string {
    return this.#context.now;
  }
  get ids(): Ids {
    return this.#context.ids;
  }
  emit(event: DomainEvent): void {
    this.#outbox.add(event);
  }
  note(entry: JournalNote): void {
    this.#context.journal.add(entry);
  }
  get licensePools(): SqlLicensePoolRepository {
    return this.once('licensePools', (context) => new SqlLicensePoolRepository(context, licensePools));
  }
  get scheduledCommands(): SqlScheduledCommandRepository {
    return this.once('scheduledCommands', (context) => new SqlScheduledCommandRepository(context, scheduledCommands));
  }
  get alarms(): SqlAlarmRepository {
    return this.once('alarms', (context) => new SqlAlarmRepository(context, alarms));
  }
  get tenantTree(): TenantTree {
    return this.once('tenantTree', tenantTreeOf);
  }
  get usageLedger(): UsageLedger {
    return this.once('usageLedger', usageLedgerOf);
  }
  get activeSpans(): ActiveSpans {
    return this.once('activeSpans', activeSpansOf);
  }
  get chains(): Chains {
    return this.once('chains', ({ sql }) => ({ load: chainsOn(sql).load }));
  }
  get tokenRevocations(): TokenRevocations {
    return this.once('tokenRevocations', tokenRevocationsOf);
  }
  get accountLogins(): AccountLogins {
    return this.once('accountLogins', accountLoginsOf);
  }
  get channelTasks(): ChannelTasks {
    return this.once('channelTasks', channelTasksOf);
  }
  get trafficFailures(): TrafficFailures {
    return this.once('trafficFailures', trafficFailuresOf);
  }

  once<T>(name: string, make: (context: UnitContext) => T): T {
    const known = this.#made.get(name);
    if (known !== undefined) return known as T;
    const made = make(this.#context);
    this.#made.set(name, made);
    return made;
  }
}

for (const [name, table] of Object.entries(plainTables)) {
  Object.defineProperty(UnitTx.prototype, name, {
    get(this: UnitTx) {
      return this.once(name, (context) => new TableRepository(context, table));
    },
  });
}

export function createUnitTx(context: UnitContext, outbox: OutboxBuffer): Unit {
  return new UnitTx(context, outbox) as unknown as Unit;
}
