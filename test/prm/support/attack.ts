import { loadWsdl, readWsdl } from '../../../src/adapters/soap/kit/index.js';
import { lazyValidator } from '../../../src/adapters/soap/kit/validate.js';
import { services } from '../../../src/adapters/soap/prm/contract.js';
import { type Bean, message, pathOf, post, type Reply } from './caller.js';
import type { PrmHub } from './hub.js';
import { expectRefusal } from './refusals.js';

export interface Shot {
  /** `SpService.getSpAccountState`. */
  readonly call: string;
  readonly input?: Bean;
  /** Header blocks. */
  readonly header?: string;
  /** The whole message, instead of one made of the above. */
  readonly message?: string;
  /** Where it comes from; an address of its own unless given. */
  readonly address?: string;
  /** The line to a hub at an https address (`openProcess`). */
  readonly line?: 'open' | 'closed';
  /** Another process or channel. */
  readonly base?: string;
}

let shots = 0;

/** An address nobody called from yet, so that no throttle helps. */
export function freshAddress(): string {
  shots += 1;
  return `198.18.${(shots >> 8) & 255}.${shots & 255}`;
}

export function shoot(hub: PrmHub, shot: Shot): Promise<Reply> {
  const { call, input = {}, header = '', base = hub.base(), address = freshAddress(), line } = shot;
  const [service, operation] = call.split('.') as [string, string];
  const text = shot.message ?? message(service, operation, input, header);
  const headers = { 'x-test-address': address, ...(line && { 'x-test-line': line }) };
  return post(`${base}${pathOf(service)}`, text, headers);
}

const validators = new Map(
  services.map(({ name }) => [name, lazyValidator(readWsdl(loadWsdl(`prm/${name}.wsdl`)))] as const),
);

/** The detail of a fault as a message of its own, for the schema of its service. */
export async function schemaProblem(service: string, { text }: Reply): Promise<string | null> {
  const [, detail] = /<(?:soap:D|d)etail>(.*)<\/(?:soap:D|d)etail>/s.exec(text) ?? [];
  if (detail === undefined) return 'no detail';
  const validate = await validators.get(service)!();
  return validate(`<e:Envelope xmlns:e="urn:e"><e:Body>${detail}</e:Body></e:Envelope>`);
}

export type SecurityCode = 'FailedAuthentication' | 'InvalidSecurity' | 'FailedCheck' | 'MessageExpired';

/** Refused with the code of WS-Security that says why, an ACCESS_DENIED the schema knows, and nothing done. */
export async function expectDenied(
  hub: PrmHub,
  shot: Shot,
  code: SecurityCode = 'FailedAuthentication',
): Promise<Reply> {
  const reply = await expectRefusal(hub, 'ACCESS_DENIED', () => shoot(hub, shot));
  expect(reply).toMatchObject({
    faultCode: `wsse:${code}`,
    faultText: 'not authenticated or not allowed',
    status: 500,
  });
  expect(await schemaProblem(shot.call.split('.')[0]!, reply)).toBeNull();
  return reply;
}

export async function expectAccepted(hub: PrmHub, shot: Shot): Promise<Reply> {
  const reply = await shoot(hub, shot);
  expect({ status: reply.status, fault: reply.faultText }).toEqual({ status: 200, fault: undefined });
  return reply;
}
