import type { Readers } from '../../core/readers.js';
import type { GraphqlContext } from './context.js';

/** What resolvers reach in the core. */
export interface MercatorServices {
  readonly readers: Readers;
}

export type MercatorContext = GraphqlContext<MercatorServices>;
