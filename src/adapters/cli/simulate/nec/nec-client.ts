import { createSoapClient, isRecord, type SoapCredential } from '../soap-client.js';

/** Calls a hub as the marketplace does. */
export interface NecClient {
  /** The operation's result element. Throws for faults and for everything that is no answer. */
  call(operation: string, input: object): Promise<Readonly<Record<string, unknown>>>;
}

const hint = 'Give the address of a NEC service: <hub>/ncbs/<channel>/NcbsIsvService.';

export async function createNecClient(options: {
  readonly endpoint: string;
  readonly credential?: SoapCredential;
}): Promise<NecClient> {
  const client = await createSoapClient({ ...options, hint });
  return {
    async call(operation, input) {
      const body = await client.call(operation, input);
      const result: unknown = isRecord(body) ? body[`${operation}Result`] : undefined;
      if (!isRecord(result)) throw new Error(`the answer to ${operation} has no ${operation}Result`);
      return result;
    },
  };
}
