import * as alarms from './alarms.js';
import * as billing from './billing.js';
import * as catalog from './catalog.js';
import type { Table } from './define-table.js';
import * as identity from './identity.js';
import * as infrastructure from './infrastructure.js';
import * as journal from './journal.js';
import * as licensing from './licensing.js';
import * as marketplace from './marketplace.js';
import * as outbox from './outbox.js';
import * as provisioning from './provisioning.js';
import * as servicelevels from './servicelevels.js';
import * as tenancy from './tenancy.js';
import * as usage from './usage.js';

/** A table whose row type does not matter to whoever walks over all of them. */
export type AnyTable = Pick<Table<Record<string, unknown>>, 'name' | 'column'> & {
  readonly columns: Readonly<Record<string, import('./columns.js').Column>>;
  readonly fields: readonly string[];
  readonly primaryKey: readonly string[];
  readonly unique: readonly (readonly string[])[];
  readonly indexes: readonly (readonly string[])[];
};

export const allTables: readonly AnyTable[] = [
  tenancy,
  catalog,
  provisioning,
  licensing,
  billing,
  marketplace,
  servicelevels,
  identity,
  journal,
  outbox,
  infrastructure,
  usage,
  alarms,
].flatMap((group) => Object.values(group) as AnyTable[]);
