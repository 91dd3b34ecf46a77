/** Who may ask for the schema: everybody, whoever shows a valid token, or nobody. */
export type IntrospectionPolicy = 'everybody' | 'authenticated' | 'nobody';

/** Every number a hostile caller meets, in one place. Counts are per document unless the name says otherwise. */
export interface GraphqlSettings {
  /** Where the endpoint is mounted; the browser tool's files are below `${path}/ide/`. */
  readonly path: string;
  /** Origins of other web sites that may call with a Bearer token. */
  readonly corsOrigins: readonly string[];
  readonly introspection: IntrospectionPolicy;
  readonly graphiql: boolean;
  /** Bytes of a request body; a federation router sends up to `representations` keys in one. */
  readonly bodyLimit: number;
  /** Levels of nesting in `variables` and `extensions`. */
  readonly jsonDepth: number;
  /** Lexer tokens: checked while reading, so a hostile document costs no more than these. */
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Values the answer can have at worst (lists counted by their `first`). */
  readonly cost: number;
  /** References in one `_entities` call. */
  readonly representations: number;
  /** Parsed and validated documents kept in memory. */
  readonly documents: number;
  /** Documents remembered by hash for automatic persisted queries. */
  readonly persistedQueries: number;
  /** Run compiled after this many runs of a document; 0 never compiles. */
  readonly compileAfter: number;
  readonly compiledQueries: number;
  /** Open event streams and WebSockets of this process, and of one actor or address. */
  readonly connections: number;
  readonly connectionsPerCaller: number;
  readonly subscriptionsPerConnection: number;
  /** How often an open connection's token is checked again, in ms; revocations do not wait for it. */
  readonly recheckInterval: number;
  /** Time between keep-alive comments and pings, in ms. */
  readonly keepAlive: number;
}

export const defaultSettings: GraphqlSettings = {
  path: '/graphql',
  corsOrigins: [],
  introspection: 'everybody',
  graphiql: true,
  bodyLimit: 256 * 1024,
  jsonDepth: 32,
  tokens: 2_000,
  depth: 15,
  aliases: 50,
  directives: 50,
  cost: 50_000,
  representations: 1_000,
  documents: 1_000,
  persistedQueries: 1_000,
  compileAfter: 5,
  compiledQueries: 300,
  connections: 2_000,
  connectionsPerCaller: 50,
  subscriptionsPerConnection: 20,
  recheckInterval: 15_000,
  keepAlive: 15_000,
};
