import type { Operation } from '../context.js';

/** What the operations of the contract do, by name. */
export const operations: Readonly<Record<string, Operation>> = {};
