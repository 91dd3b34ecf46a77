import { CliError, exitCodes } from '../exit-codes.js';

export interface SoapCredential {
  readonly username: string;
  readonly password: string;
  /** How it is shown: HTTP Basic, or a WS-Security UsernameToken with the password itself or a digest of it. */
  readonly as: 'basic' | 'usernameToken' | 'digest';
}

export interface SoapClientOptions {
  readonly endpoint: string;
  readonly credential?: SoapCredential | undefined;
  /** A header block, as XML. */
  readonly header?: string | undefined;
  /** Where the WSDL has several; without it the operation's last one. */
  readonly port?: SoapPort | undefined;
  /** Said when there is no WSDL at the endpoint. */
  readonly hint: string;
}

export interface SoapPort {
  readonly name: string;
  readonly version: '1.1' | '1.2';
}

/** Calls a hub as others do, through the `soap` package and the WSDL the hub serves. */
export interface SoapClient {
  /** What the Body's wrapper element holds; null when it is empty. Throws for faults and for everything that is no answer. */
  call(operation: string, input: object): Promise<unknown>;
}

const patience = 15_000;

/** @throws {CliError} when the endpoint serves no WSDL */
export async function createSoapClient({
  endpoint,
  credential,
  header,
  port,
  hint,
}: SoapClientOptions): Promise<SoapClient> {
  // Loaded here, because no other command should pay for it.
  const { BasicAuthSecurity, createClientAsync, WSSecurity } = await import('soap');
  const options = {
    wsdl_options: { timeout: patience },
    handleNilAsNull: true,
    customDeserializer,
    ...(port?.version === '1.2' ? { forceSoap12Headers: true } : {}),
  };
  const client = await createClientAsync(`${endpoint}?wsdl`, options).catch((error: unknown) => {
    if (!isNoWsdl(error)) throw error;
    throw new CliError(exitCodes.failed, `${endpoint}?wsdl is no WSDL.`, { hint, cause: error });
  });
  // The WSDL names PUBLIC_URL; whoever calls another address means that one.
  client.setEndpoint(endpoint);
  if (header !== undefined) client.addSoapHeader(header);
  if (credential?.as === 'basic') client.setSecurity(new BasicAuthSecurity(credential.username, credential.password));
  else if (credential !== undefined) {
    const passwordType = credential.as === 'digest' ? 'PasswordDigest' : 'PasswordText';
    client.setSecurity(new WSSecurity(credential.username, credential.password, { passwordType, hasNonce: true }));
  }
  const holder = client as unknown as Record<string, unknown>;
  const methods = port === undefined ? holder : methodsOf(holder, Object.keys(client.describe()), port.name);
  return {
    async call(operation, input) {
      const method = methods[operation];
      if (typeof method !== 'function') throw new Error(`the WSDL of the hub has no operation ${operation}`);
      return new Promise((resolve, reject) => {
        const answered = (error: unknown, body: unknown): void => (error ? reject(error) : resolve(body ?? null));
        Reflect.apply(method, client, [input, answered, { timeout: patience }]);
      });
    },
  };
}

function methodsOf(client: Record<string, unknown>, services: readonly string[], port: string) {
  for (const name of services) {
    const service = client[name];
    const methods = isRecord(service) ? service[port] : undefined;
    if (isRecord(methods)) return methods;
  }
  throw new Error(`the WSDL of the hub has no port ${port}`);
}

/** Without it a 64-bit number would be read as a double. */
const customDeserializer = { long: (text: string) => BigInt(text) };

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isNoWsdl(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Invalid WSDL URL|Root element of WSDL|Unexpected root|Non-whitespace)/.test(error.message)
  );
}

/** An answer of the HTTP layer that says nothing of the call. */
export function httpProblem(status: number): string {
  return status === 503 ? 'HTTP 503: the hub is busy, try again when it has caught up' : `HTTP ${status}`;
}

export interface Refusal {
  readonly text: string;
  /** The elements of a fault's detail, by local name. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A SOAP fault, or a refusal by HTTP; undefined for other errors. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!isRecord(error)) return undefined;
  const envelope = isRecord(error.root) ? error.root.Envelope : undefined;
  const body = isRecord(envelope) ? envelope.Body : undefined;
  const fault = isRecord(body) ? body.Fault : undefined;
  if (isRecord(fault)) {
    const reason = isRecord(fault.Reason) ? fault.Reason.Text : undefined;
    const text = String(fault.faultstring ?? (isRecord(reason) ? reason.$value : reason) ?? 'fault');
    return { text, detail: isRecord(fault.detail) ? fault.detail : {} };
  }
  const response = isRecord(error.response) ? error.response : undefined;
  if (response?.status === 401) return { text: 'Authentication failed (HTTP 401)', detail: {} };
  if (typeof response?.status !== 'number' || response.status < 400) return undefined;
  return { text: httpProblem(response.status), detail: {} };
}

/** The items of a list element, whether the client read none, one or many. */
export function listOf(value: unknown, item: string): readonly Record<string, unknown>[] {
  const items: unknown = isRecord(value) ? value[item] : undefined;
  if (items === undefined || items === null) return [];
  return (Array.isArray(items) ? items : [items]).filter(isRecord);
}
