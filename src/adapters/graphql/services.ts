import type { Readers } from '../../core/readers.js';
import type { GraphqlContext } from './context.js';
import type { CommandPorts } from './modules/command-ports.js';

/** What resolvers reach in the core. */
export interface MercatorServices extends CommandPorts {
  readonly readers: Readers;
}

export type MercatorContext = GraphqlContext<MercatorServices>;
