import { randomBytes } from 'node:crypto';
import { CliError, exitCodes } from '../exit-codes.js';

export interface NecCredential {
  readonly username: string;
  readonly password: string;
  /** How it is shown: HTTP Basic or a WS-Security UsernameToken. */
  readonly as: 'basic' | 'usernameToken';
}

/** Calls a hub as the marketplace does, through the `soap` package and the WSDL the hub serves. */
export interface NecClient {
  /** The operation's result element. Throws for faults and for everything that is no answer. */
  call(operation: string, input: object): Promise<Readonly<Record<string, unknown>>>;
}

const patience = 15_000;

export async function createNecClient(options: {
  readonly endpoint: string;
  readonly credential?: NecCredential;
}): Promise<NecClient> {
  const { endpoint, credential } = options;
  // Loaded here, because no other command should pay for it.
  const { BasicAuthSecurity, createClientAsync, WSSecurity } = await import('soap');
  const client = await createClientAsync(`${endpoint}?wsdl`, { wsdl_options: { timeout: patience } }).catch(
    (error: unknown) => {
      if (!isNoWsdl(error)) throw error;
      throw new CliError(exitCodes.failed, `${endpoint}?wsdl is no WSDL.`, {
        hint: 'Give the address of a NEC service: <hub>/ncbs/<channel>/NcbsIsvService.',
        cause: error,
      });
    },
  );
  // The WSDL names PUBLIC_URL; whoever calls another address means that one.
  client.setEndpoint(endpoint);
  if (credential?.as === 'basic') client.setSecurity(new BasicAuthSecurity(credential.username, credential.password));
  if (credential?.as === 'usernameToken') {
    client.setSecurity(
      new WSSecurity(credential.username, credential.password, { passwordType: 'PasswordText', hasNonce: true }),
    );
  }
  return {
    async call(operation, input) {
      const method: unknown = (client as unknown as Record<string, unknown>)[`${operation}Async`];
      if (typeof method !== 'function') throw new Error(`the WSDL of the hub has no operation ${operation}`);
      const answer = (await Reflect.apply(method, client, [input, { timeout: patience }])) as readonly unknown[];
      const [body] = answer;
      const result: unknown = isRecord(body) ? body[`${operation}Result`] : undefined;
      if (!isRecord(result)) throw new Error(`the answer to ${operation} has no ${operation}Result`);
      return result;
    },
  };
}

/** A requestId nobody else uses. */
export function nextRequestId(): string {
  return `sim-${randomBytes(9).toString('base64url')}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isNoWsdl(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Invalid WSDL URL|Root element of WSDL|Unexpected root|Non-whitespace)/.test(error.message)
  );
}

/** The text of a SOAP fault, or of a refusal by HTTP; undefined for other errors. */
export function faultTextOf(error: unknown): string | undefined {
  if (!isRecord(error)) return undefined;
  const envelope = isRecord(error.root) ? error.root.Envelope : undefined;
  const body = isRecord(envelope) ? envelope.Body : undefined;
  const fault = isRecord(body) ? body.Fault : undefined;
  if (isRecord(fault)) {
    const reason = isRecord(fault.Reason) ? fault.Reason.Text : undefined;
    return String(fault.faultstring ?? (isRecord(reason) ? reason.$value : reason) ?? 'fault');
  }
  const response = isRecord(error.response) ? error.response : undefined;
  if (response?.status === 401) return 'Authentication failed (HTTP 401)';
  return typeof response?.status === 'number' && response.status >= 400 ? `HTTP ${response.status}` : undefined;
}

/** The items of a list element, whether the client read none, one or many. */
export function listOf(value: unknown, item: string): readonly Record<string, unknown>[] {
  const items: unknown = isRecord(value) ? value[item] : undefined;
  if (items === undefined || items === null) return [];
  return (Array.isArray(items) ? items : [items]).filter(isRecord);
}
