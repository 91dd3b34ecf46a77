import { patiently } from './busy.js';
import { askForToken, postForJson } from './machine.js';
import type { Credential } from './sandbox.js';

/** Uses a hub's GraphQL API as a machine does: a token by client credentials, then documents over HTTP. */
export interface GraphqlClient {
  query<T>(document: string, variables: object): Promise<T>;
}

/**
 * Tokens carry whole seconds, so right after a client got a new secret the hub cannot tell a new token from an old one and
 * refuses both (docs/design.md 10.18).
 */
const settling = 3_000;

interface Options {
  readonly url: string;
  readonly client: Credential;
  /** `hub.read`, or with `hub.write` beside it. */
  readonly scope: string;
}

export async function createGraphqlClient(options: Options): Promise<GraphqlClient> {
  const deadline = performance.now() + settling;
  for (;;) {
    const accessToken = await requestToken(options);
    const graphql: GraphqlClient = {
      query: (document, variables) => query(options.url, accessToken, document, variables),
    };
    try {
      await graphql.query('{ __typename }', {});
      return graphql;
    } catch (error) {
      if (performance.now() >= deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

async function requestToken({ url, client, scope }: Options): Promise<string> {
  const answer = await patiently(() => askForToken(url, client, scope));
  if (answer.access_token !== undefined) return answer.access_token;
  throw new Error(`no token: ${answer.error ?? ''} ${answer.error_description ?? ''}`.trim());
}

async function query<T>(url: string, accessToken: string, document: string, variables: object): Promise<T> {
  const { data, errors } = await patiently(() =>
    postForJson<{ data?: T; errors?: { message: string }[] }>(`${url}/graphql`, {
      headers: {
        authorization: `Bearer ${accessToken}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify({ query: document, variables }),
    }),
  );
  if (errors === undefined && data !== undefined) return data;
  throw new Error(`GraphQL: ${errors?.map((error) => error.message).join('; ') ?? 'no data'}`);
}
