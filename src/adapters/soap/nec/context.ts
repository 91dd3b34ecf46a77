import type { AuthenticatePassword } from '../../../core/identity/index.js';
import type { Channel } from '../../../core/marketplace/index.js';
import type { Unit } from '../../../core/repositories.js';
import type { MarketplacePorts } from '../../marketplace.js';
import type { NecActor } from './authenticate.js';
import type { NecSettings } from './config.js';

/** One connection being served. */
export interface NecContext {
  readonly ports: MarketplacePorts;
  readonly channel: Pick<Channel, 'id' | 'name'>;
  readonly settings: NecSettings;
  readonly authenticatePassword: AuthenticatePassword;
}

/** One call of it. */
export interface NecCall extends NecContext {
  readonly operation: string;
  readonly actor: NecActor;
  /** Ours, of the HTTP request; the marketplace's own requestId is in the message. */
  readonly requestId: string;
  readonly address: string;
}

/** What an operation answers beside result code, text and requestId. */
export type Fields = Readonly<Record<string, unknown>>;

/** Refuses by throwing a DomainError, which becomes a result code. */
export type Operation = {
  bivariant(input: object, call: NecCall): Promise<Fields>;
}['bivariant'];

export type Work = (tx: Unit) => Promise<Fields>;
