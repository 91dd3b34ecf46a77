import type { Credential } from '../sandbox.js';
import { createSoapClient, isRecord, type SoapPort } from '../soap-client.js';

/** The ways to say the same thing to ProvisionV3. */
export const bindings = ['SOAP 1.1', 'SOAP 1.2', 'HTTP POST', 'HTTP GET'] as const;
export type Binding = (typeof bindings)[number];

/** What every operation answers, with its list beside it, when it was called by SOAP. */
export interface Answer extends Readonly<Record<string, unknown>> {
  readonly success: boolean;
  /** Absent when all is well. */
  readonly errorMessage?: string;
}

export type Input = Readonly<Record<string, string | number | boolean>>;

/** A hub need not take calls in every way; nothing was done then. */
export class BindingOff extends Error {}

/**
 * Calls a hub as a provisioning system does: every call says who it is. Throws BindingOff, and for faults and everything that is
 * no answer.
 */
export interface UnityClient {
  call(operation: string, input: Input): Promise<Answer>;
}

interface UnityOptions {
  /** The address of the .asmx file. */
  readonly endpoint: string;
  readonly user: Credential;
}

const hint = 'Give the address of the service: <hub>/channels/<channel>/KakapoProvision/ProvisionV3.asmx.';
const patience = 15_000;

export async function createUnityClient(options: UnityOptions, binding: Binding): Promise<UnityClient> {
  if (binding === 'HTTP POST' || binding === 'HTTP GET') return formClient(options, binding);
  return soapClient(options, ports[binding]);
}

const ports: Readonly<Record<'SOAP 1.1' | 'SOAP 1.2', SoapPort>> = {
  'SOAP 1.1': { name: 'ProvisionV3Soap', version: '1.1' },
  'SOAP 1.2': { name: 'ProvisionV3Soap12', version: '1.2' },
};

/** Who calls: the first two parameters of every operation. */
const loginOf = ({ name, secret }: Credential) => ({ loginUserName: name, loginPassword: secret });

async function soapClient({ endpoint, user }: UnityOptions, port: SoapPort): Promise<UnityClient> {
  const client = await createSoapClient({ endpoint, port, hint });
  return {
    async call(operation, input) {
      const body = await client.call(operation, { ...loginOf(user), ...input });
      const result = isRecord(body) ? body[`${operation}Result`] : undefined;
      if (!isRecord(result) || typeof result.success !== 'boolean') {
        throw new Error(`the answer to ${operation} has no ${operation}Result with success`);
      }
      return result as Answer;
    },
  };
}

function formClient({ endpoint, user }: UnityOptions, binding: 'HTTP POST' | 'HTTP GET'): UnityClient {
  return {
    async call(operation, input) {
      const fields = new URLSearchParams();
      for (const [name, value] of Object.entries({ ...loginOf(user), ...input })) fields.set(name, String(value));
      const signal = AbortSignal.timeout(patience);
      const url = `${endpoint}/${operation}`;
      const response = await (binding === 'HTTP POST'
        ? fetch(url, { method: 'POST', body: fields, signal })
        : fetch(`${url}?${fields}`, { signal }));
      return parseForm(response.status, await response.text());
    },
  };
}

/** Only what every answer has; lists are read by SOAP. */
function parseForm(status: number, text: string): Answer {
  if (status === 500 && text.includes('Request format is unrecognized')) throw new BindingOff();
  const success = elementOf(text, 'success');
  if (status !== 200 || success === undefined) throw new Error(`HTTP ${status}: ${text.trim().slice(0, 200)}`);
  const errorMessage = elementOf(text, 'errorMessage');
  return { success: success === 'true', ...(errorMessage === undefined ? {} : { errorMessage }) };
}

function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`)
    .exec(xml)?.[1]
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
