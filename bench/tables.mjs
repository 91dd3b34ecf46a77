/** The tables a run fills. */
import { subscriptions } from '../dist/src/persistence/tables/billing.js';
import { applications } from '../dist/src/persistence/tables/catalog.js';
import { memberships, userEmails, users } from '../dist/src/persistence/tables/identity.js';
import { licensePools, licenses } from '../dist/src/persistence/tables/licensing.js';
import { externalRefs } from '../dist/src/persistence/tables/marketplace.js';
import { instances } from '../dist/src/persistence/tables/provisioning.js';
import { tenantPaths, tenants } from '../dist/src/persistence/tables/tenancy.js';

export const tables = {
  tenants,
  tenantPaths,
  users,
  userEmails,
  memberships,
  applications,
  instances,
  subscriptions,
  licensePools,
  licenses,
  externalRefs,
};
