import type { Operation } from '../context.js';
import { licenseOperations } from './licenses.js';
import { readOperations } from './reads.js';
import { subPurchaseOperations } from './sub-purchases.js';

/** What the operations of the contract do, by name. */
export const operations: Readonly<Record<string, Operation>> = {
  ...licenseOperations,
  ...subPurchaseOperations,
  ...readOperations,
};
