import type { GraphQLSchema } from 'graphql';
import type { Admit } from './documents/admit.js';
import type { ErrorLog } from './errors.js';
import type { Executor } from './execution/executor.js';
import type { LiveConnections } from './live/connections.js';
import type { Authenticate } from './request-info.js';
import type { GraphqlSettings } from './settings.js';

/** What all four transports share: POST, GET, event streams and WebSockets differ only in how bytes come and go. */
export interface Engine<Services> {
  readonly schema: GraphQLSchema;
  readonly settings: GraphqlSettings;
  readonly services: Services;
  readonly authenticate: Authenticate;
  readonly admit: Admit;
  readonly execute: Executor<Services>;
  readonly connections: LiveConnections;
  readonly log: ErrorLog;
}
