import { type Caller, type ForeignClient, nil, type TypedFault } from '../support/foreign-client.js';
import { operatorPassword, type PrmHub, providerPassword } from '../support/hub.js';
import { messageAbout, type Subject } from '../support/message-about.js';
import { type FaultName, operationNamed, operations } from '../support/operations.js';

export type Version = '1.1' | '1.2';

/** One foreign client going through the nine services. */
export interface Visit {
  readonly hub: PrmHub;
  /** The client's own: what it does wrong makes nobody else wait. */
  readonly channelId: string;
  readonly subject: Subject;
  /** Who calls the services of a side unless said otherwise. */
  readonly as: { sp: Caller; op: Caller };
  /** `SpService.getSpAccount`: what went through at least once. */
  readonly called: Set<string>;
  /** `SpService.getSpAccount INVALID_STATE`: what was refused and decoded. */
  readonly faults: Set<string>;
  /** Calls with a sample message and the given fields instead; answers what it returned, an empty list as []. */
  ok(name: string, fields?: Fields, options?: CallOptions): Promise<unknown>;
  /** Calls, and checks that the client made the typed fault of the refusal. */
  refused(fault: FaultName, name: string, fields?: Fields, options?: CallOptions): Promise<TypedFault>;
}

export type Fields = Readonly<Record<string, unknown>>;
export interface CallOptions {
  readonly as?: Caller;
  readonly version?: Version;
}

export const at = (instant: string) => ({ $dateTime: instant });
export { nil };

/** `typesFaults`: the client's library finds the type of the WSDL for the detail of a fault, not only its shape. */
export function beginVisit(hub: PrmHub, client: ForeignClient, channel: string, typesFaults: boolean): Visit {
  const subject = { sp: 'sp', app: 'app', inst: 'inst', spGroup: 'gold', appGroup: 'silver' };
  const as: Visit['as'] = {
    sp: { username: subject.sp, password: providerPassword },
    op: { username: 'op-admin', password: operatorPassword },
  };
  const called = new Set<string>();
  const faults = new Set<string>();

  function send(operationName: string, fields: Fields, options: CallOptions) {
    const operation = operationNamed(operationName);
    const { service, anonymous } = operation;
    return client.call({
      service: service.name,
      operation: operation.name,
      input: { ...messageAbout(subject, operation), ...fields },
      as: options.as ?? (anonymous ? {} : as[service.side]),
      version: options.version ?? '1.1',
    });
  }

  return {
    hub,
    channelId: hub.channelId(channel),
    subject,
    as,
    called,
    faults,
    async ok(operationName, fields = {}, options = {}) {
      const answer = await send(operationName, fields, options);
      if ('fault' in answer) throw new Error(`${operationName}: ${answer.fault.name}, ${answer.fault.text}`);
      called.add(operationName);
      const { returns } = operationNamed(operationName);
      // PHP knows no list without entries: the element is not there
      return answer.value ?? (returns?.array === true ? [] : null);
    },
    async refused(fault, operationName, fields = {}, options = {}) {
      const answer = await send(operationName, fields, options);
      if (!('fault' in answer)) throw new Error(`${operationName}: not refused`);
      const { name: decoded, detail } = answer.fault;
      expect({ operationName, decoded, type: detail.$type }).toEqual({
        operationName,
        decoded: fault,
        type: typesFaults ? `${fault}Type` : 'stdClass',
      });
      expect(detail.message).toMatch(/\w/);
      faults.add(`${operationName} ${fault}`);
      return answer.fault;
    },
  };
}

/** `… INVALID_STATE` of an operation that declares it. */
export const declaredFaults: readonly string[] = operations.flatMap((operation) =>
  operation.faults.map((fault) => `${operation.fullName} ${fault}`),
);
