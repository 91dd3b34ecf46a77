import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type ClientSite, servicePath } from '../../kakapo/clients/seed.js';
import { namespace, readOutcome, soapMessage } from '../../kakapo/support/soap.js';
import { hold } from '../../support/proof.js';

/** Where a call comes from. */
export interface Source {
  /** Address of this machine's loopback that the connection is made from. */
  readonly from: string;
  /** What the caller says of where it was before. */
  readonly forwarded?: string;
}

/** What a log-in came to; anything else is an error. */
export type Login = 'in' | 'refused' | 'locks' | 'locked';

export type LogIn = (url: string, password: string, source: Source) => Promise<Login>;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const further = 'Please refer to the login history for further information';
const words: Readonly<Record<string, Login>> = {
  [`The login attempt failed. ${further}`]: 'refused',
  [`The login attempt has failed and the account has been locked. ${further}`]: 'locks',
  [`The login attempt failed because the account is locked. ${further}`]: 'locked',
};

/** Calls with an operation that only reads, by SOAP, as the interface user of a site; asks again while the hub says that it is busy. */
export function interfaceUser({ host, login }: ClientSite): LogIn {
  return async (url, loginPassword, source) => {
    const operation = 'GetResellers';
    const body = soapMessage(operation, { ...login, loginPassword, serverHostName: host });
    for (let attempt = 0; ; attempt += 1) {
      const { status, text } = await post(url, operation, body, source);
      if (status === 503 && attempt < 600) {
        await pause(50);
        continue;
      }
      const { success, errorMessage = '' } = readOutcome(status, text);
      const came = success === true ? 'in' : words[errorMessage];
      hold(came !== undefined, 'a log-in is let in or refused in these words', { status, text });
      return came;
    }
  };
}

function post(url: string, operation: string, body: string, { from, forwarded }: Source) {
  return new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const sent = request({
      agent,
      host: '127.0.0.1',
      port: new URL(url).port,
      path: servicePath,
      localAddress: from,
      method: 'POST',
      headers: {
        'content-type': 'text/xml; charset=utf-8',
        soapaction: `"${namespace}/${operation}"`,
        ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }),
      },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    sent.end(body);
  });
}
