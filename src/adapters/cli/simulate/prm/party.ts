import { explain } from '../../explain.js';
import { expectEqual } from '../check.js';
import { createSoapClient, isRecord, refusalOf, type SoapClient, type SoapCredential } from '../soap-client.js';
import { type StepOutcome, shown, type Transcript } from '../transcript.js';

/** `sp`: a provider's application, or a stranger; `op`: the operator's. */
export type Side = 'sp' | 'op';
export type FaultName = 'ACCESS_DENIED' | 'CommonException' | 'INVALID_STATE';

export interface Expectation {
  /** The fault that must come; without it an answer must. */
  readonly fault?: FaultName;
  /** The state an INVALID_STATE must name. */
  readonly in?: string;
  /** Refusals the hub is free to give: the step is left out then, with the reason. */
  readonly unless?: { readonly refusal: RegExp; readonly because: string };
  /** Says what is wrong with the return value. */
  readonly check?: (value: unknown) => readonly string[];
}

/** One end of the conversation: it calls the services of its side, and every call is told and checked. */
export interface Party {
  readonly side: Side;
  /** `operation` with its service: `OpService.createSpGroup`. @throws {StepFailed} */
  call(title: string, operation: string, input: object, expectation?: Expectation): Promise<Reply>;
}

export interface Reply {
  /** What the operation returned; undefined for nothing. */
  readonly value: unknown;
  /** False when it was refused as `unless` foresees. */
  readonly played: boolean;
}

export interface PartyOptions {
  /** Where the paths of the services begin: a hub, or one of its channels. */
  readonly base: string;
  readonly side: Side;
  readonly credential?: SoapCredential | undefined;
  readonly header?: string | undefined;
}

const hint = 'Give the address of a hub, or of one of its PRM channels: <hub>/channels/<channel>.';

export function prmClient({ base, side, ...identity }: PartyOptions, service: string): Promise<SoapClient> {
  return createSoapClient({ ...identity, endpoint: `${base}/prm_${side}/services/${service}`, hint });
}

export function createParty(transcript: Transcript, options: PartyOptions): Party {
  const clients = new Map<string, Promise<SoapClient>>();

  function clientOf(service: string): Promise<SoapClient> {
    const client = clients.get(service) ?? prmClient(options, service);
    clients.set(service, client);
    return client;
  }

  return {
    side: options.side,
    async call(title, operation, input, expectation = {}) {
      let value: unknown;
      const played = await transcript.step(title, async () => {
        const [service = '', name = ''] = operation.split('.');
        const client = await clientOf(service);
        try {
          const body = await client.call(name, input);
          value = isRecord(body) ? (body[`${name}Return`] ?? undefined) : undefined;
        } catch (error) {
          return { operation, input, ...refused(error, expectation) };
        }
        return { operation, input, ...answered(value, expectation, name === 'login') };
      });
      return { value, played };
    },
  };
}

function answered(value: unknown, { fault, check }: Expectation, secret: boolean): StepOutcome {
  const differences = fault === undefined ? (check?.(value) ?? []) : [`expected ${fault}, came an answer`];
  if (value === undefined) return { result: 'done', differences };
  return { result: 'done', differences, seen: secret ? '***' : shown(value) };
}

function refused(error: unknown, { fault, in: state, unless }: Expectation): StepOutcome {
  const refusal = refusalOf(error);
  const wanted = fault ?? 'an answer';
  if (refusal === undefined) return { differences: [`expected ${wanted}, came: ${explain(error).message}`] };
  const [name, content] = Object.entries(refusal.detail)[0] ?? [];
  if (name === undefined) return { differences: [`expected ${wanted}, came: ${refusal.text}`] };
  if (unless?.refusal.test(refusal.text)) return { result: name, meaning: refusal.text, skipped: unless.because };
  const currentState = isRecord(content) ? content.currentState : undefined;
  const differences = [
    ...(name === fault ? [] : [`expected ${wanted}, came ${name}: ${refusal.text}`]),
    ...(state === undefined || name !== fault ? [] : expectEqual('the state it names', currentState, state)),
  ];
  const seen = currentState === undefined ? '' : `currentState ${String(currentState)}`;
  return { result: name, meaning: refusal.text, seen, differences };
}
