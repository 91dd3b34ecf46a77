import type { Channel } from '../../../core/marketplace/index.js';
import type { Actor } from '../../../core/shared/actor.js';
import type { MarketplacePorts } from '../../marketplace.js';
import type { PrmSettings } from './config.js';

/** One channel being served. */
export interface PrmContext {
  readonly ports: MarketplacePorts;
  readonly channel: Pick<Channel, 'id' | 'name'>;
  readonly settings: PrmSettings;
}

type Account = Extract<Actor, { kind: 'serviceAccount' }>;

/** Who calls: a stranger (who may log in or apply), a provider for itself, or the operator. */
export type PrmActor =
  | { readonly kind: 'anonymous' }
  | (Account & { readonly tenantId: string })
  | (Account & { readonly tenantId: null; readonly level: number });

/** One call of an operation. */
export interface PrmCall extends PrmContext {
  readonly service: string;
  readonly operation: string;
  readonly actor: PrmActor;
  readonly requestId: string;
  readonly address: string;
}

/** A message with canonical names; missing and nil are both undefined. */
export type Input = Readonly<Record<string, unknown>>;

/** Answers with what the return element holds, with canonical names; undefined for a void operation. Refuses with a DomainError. */
export type Operation = {
  bivariant(input: Input, call: PrmCall): Promise<unknown>;
}['bivariant'];
