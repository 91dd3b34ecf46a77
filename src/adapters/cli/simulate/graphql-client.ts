/** Reads a hub's GraphQL API as a machine does: a token by client credentials, then queries over HTTP. */
export interface GraphqlClient {
  query<T>(document: string, variables: object): Promise<T>;
}

const patience = 10_000;

export async function createGraphqlClient(options: {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}): Promise<GraphqlClient> {
  const { url, clientId, clientSecret } = options;
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');
  const token = await json<{ access_token?: string; error?: string; error_description?: string }>(`${url}/oidc/token`, {
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'hub.read' }),
  });
  const { access_token: accessToken } = token;
  if (accessToken === undefined)
    throw new Error(`no token: ${token.error ?? ''} ${token.error_description ?? ''}`.trim());
  return {
    async query<T>(document: string, variables: object): Promise<T> {
      const { data, errors } = await json<{ data?: T; errors?: { message: string }[] }>(`${url}/graphql`, {
        headers: {
          authorization: `Bearer ${accessToken}`,
          'content-type': 'application/json',
          accept: 'application/json',
        },
        body: JSON.stringify({ query: document, variables }),
      });
      if (errors !== undefined || data === undefined) {
        throw new Error(`GraphQL: ${errors?.map((error) => error.message).join('; ') ?? 'no data'}`);
      }
      return data;
    },
  };
}

async function json<T>(
  url: string,
  init: { headers: Record<string, string>; body: string | URLSearchParams },
): Promise<T> {
  const response = await fetch(url, { method: 'POST', ...init, signal: AbortSignal.timeout(patience) });
  const text = await response.text();
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error(`${new URL(url).pathname} answered ${response.status} without JSON`);
  }
}
