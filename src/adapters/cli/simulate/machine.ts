import { HubBusy } from './busy.js';
import type { Credential } from './sandbox.js';
import { httpProblem } from './soap-client.js';

const patience = 10_000;

/** What a machine does over HTTP beside SOAP: JSON in and out. Throws for an answer that is none,
 * HubBusy where it may be asked again. */
export async function postForJson<T>(
  url: string,
  init: { readonly headers: Record<string, string>; readonly body: string | URLSearchParams },
): Promise<T> {
  const response = await fetch(url, { method: 'POST', ...init, signal: AbortSignal.timeout(patience) });
  const text = await response.text();
  try {
    return JSON.parse(text) as T;
  } catch {
    const problem = `${new URL(url).pathname} answered without JSON: ${httpProblem(response.status)}`;
    throw response.status === 503 ? new HubBusy(problem) : new Error(problem);
  }
}

/** HTTP Basic as OAuth has it: name and secret form-encoded. */
export function basicOf({ name, secret }: Credential): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(name)}:${encodeURIComponent(secret)}`).toString('base64')}`;
}

export interface TokenAnswer {
  readonly access_token?: string;
  readonly error?: string;
  readonly error_description?: string;
}

/** Client credentials at the hub's token endpoint. */
export function askForToken(hub: string, client: Credential, scope?: string): Promise<TokenAnswer> {
  return postForJson(`${hub}/oidc/token`, {
    headers: { authorization: basicOf(client) },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) }),
  });
}
