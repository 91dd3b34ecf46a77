import type { Operation } from '../context.js';
import { agentOperations } from './agents.js';
import { groupOperations } from './groups.js';
import { licenseOperations } from './licenses.js';
import { mediaStreamOperations } from './media-streams.js';
import { portalUserOperations } from './portal-users.js';
import { providerOperations } from './providers.js';
import { queueOperations } from './queues.js';
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
  ...portalUserOperations,
  ...agentOperations,
  ...queueOperations,
  ...mediaStreamOperations,
};
