import { credentials } from './hub-seed.js';

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked at by the assertions
type Json = any;

export interface GraphqlAnswer {
  readonly status: number;
  readonly data: Json;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

export interface GraphqlClient {
  /** Asks one process (default: the one it was made for). */
  (document: string, variables?: object, url?: string): Promise<GraphqlAnswer>;
  /** The same, and an error unless there is `data` and no error. Answers the data. */
  ok(document: string, variables?: object): Promise<Json>;
  token(): Promise<string>;
}

/** An access token by client credentials. */
export async function clientToken(
  url: string,
  { clientId, clientSecret }: { clientId: string; clientSecret: string } = credentials.backoffice,
): Promise<{ readonly token: string; readonly seconds: number }> {
  const response = await fetch(`${url}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const body = (await response.json()) as { access_token?: string; expires_in?: number };
  if (body.access_token === undefined) throw new Error(`no token: ${response.status} ${JSON.stringify(body)}`);
  return { token: body.access_token, seconds: body.expires_in ?? 0 };
}

/** A machine that speaks GraphQL as an administrator; its token is renewed in time. */
export function graphqlClient(base: string): GraphqlClient {
  let held: { readonly token: Promise<{ token: string; seconds: number }>; readonly at: number } | undefined;
  const token = async (): Promise<string> => {
    const lived = held === undefined ? Number.POSITIVE_INFINITY : performance.now() - held.at;
    if (held === undefined || lived > 120_000) held = { token: clientToken(base), at: performance.now() };
    try {
      return (await held.token).token;
    } catch (error) {
      held = undefined;
      throw error;
    }
  };
  const ask = async (query: string, variables: object = {}, url = base): Promise<GraphqlAnswer> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}` },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as Omit<GraphqlAnswer, 'status'>;
    return { ...body, status: response.status };
  };
  const ok = async (query: string, variables: object = {}): Promise<Json> => {
    const answer = await ask(query, variables);
    if (answer.errors !== undefined || answer.data === undefined) throw new Error(JSON.stringify(answer));
    return answer.data;
  };
  return Object.assign(ask, { ok, token });
}
