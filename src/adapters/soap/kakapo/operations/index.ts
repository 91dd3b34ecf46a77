import type { Operation } from '../context.js';
import { groupOperations } from './groups.js';
import { licenseOperations } from './licenses.js';
import { providerOperations } from './providers.js';
import { readOperations } from './reads.js';
import { resellerOperations } from './resellers.js';
import { subPurchaseOperations } from './sub-purchases.js';
import { userOperations } from './users.js';

/** What the operations of the contract do, by name. */
export const operations: Readonly<Record<string, Operation>> = {
  ...providerOperations,
  ...resellerOperations,
  ...groupOperations,
  ...userOperations,
  ...licenseOperations,
  ...subPurchaseOperations,
  ...readOperations,
};
