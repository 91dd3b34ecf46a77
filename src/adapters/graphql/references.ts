import type { Readers } from '../../core/readers.js';
import type { Reader } from '../../core/shared/reading.js';
import { userByEmail } from './modules/identity/emails.js';
import { findOne } from './relay/lists.js';
import type { MercatorServices } from './services.js';
import type { ReferenceResolver } from './subgraph/subgraph.js';

type Reference = ReferenceResolver<MercatorServices>;

const byId =
  (choose: (readers: Readers) => Reader<object>): Reference =>
  ({ id }, context) =>
    typeof id === 'string' ? findOne(context, choose(context.services.readers), id) : Promise.resolve(null);

const userById = byId((readers) => readers.users);

/** How references of other subgraphs become objects; all of one type in one statement, addresses in one more. */
export const references: Readonly<Record<string, Reference>> = {
  Tenant: byId((readers) => readers.tenants),
  User: (reference, context) =>
    typeof reference.email === 'string' ? userByEmail(reference.email, context) : userById(reference, context),
  Instance: byId((readers) => readers.instances),
  License: byId((readers) => readers.licenses),
  LicensePool: byId((readers) => readers.licensePools),
  BillingSubscription: byId((readers) => readers.subscriptions),
  Application: byId((readers) => readers.applications),
};
