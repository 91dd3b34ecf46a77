import type { Readers } from '../../core/readers.js';
import type { Clock } from '../../core/shared/clock.js';
import type { ChannelConnection } from '../marketplace.js';
import type { GraphqlContext } from './context.js';
import type { CommandPorts } from './modules/command-ports.js';
import type { JournalTail } from './modules/journal/tail.js';

/** What resolvers reach in the core. */
export interface MercatorServices extends CommandPorts {
  readonly readers: Readers;
  readonly clock: Clock;
  /** `createJournalTail(readers.journal)`; whoever seals entries kicks it. */
  readonly journalTail: JournalTail;
  /** How channels are connected, in the order of the ids; null while nothing is known. For whoever may see the channels. */
  readonly describeChannels: (ids: readonly string[]) => Promise<readonly (ChannelConnection | null)[]>;
}

export type MercatorContext = GraphqlContext<MercatorServices>;
