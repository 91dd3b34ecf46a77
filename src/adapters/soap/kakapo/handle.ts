import { errorMessageOf } from './answer.js';
import { createAuthentication } from './authenticate.js';
import type { Input, KakapoActor, KakapoContext, Operation } from './context.js';
import {
  type AnswerContract,
  operations as contracts,
  type OperationContract,
  type Parameter,
} from './contract/index.js';
import { loginRefusal } from './login-refusal.js';
import { operations } from './operations/index.js';

/** What an operation answers, with the fields of its contract. */
export type Answer = Readonly<Record<string, unknown>> & { readonly success: boolean; readonly errorMessage?: string };

/** Parameters by the names of the contract, converted; what was not sent is undefined. */
export type Values = Readonly<Record<string, unknown>>;

/** What is known of whoever sent a call. */
export interface Origin {
  readonly requestId: string;
  readonly address: string;
}

export type Handle = (operation: OperationContract, values: Values, origin: Origin) => Promise<Answer>;

/**
 * One call, however it came: its parameters are checked, then its caller, then the operation does what it says. Refusals are
 * answers. @throws DomainError busy, and whatever nobody expected
 */
export function createHandle(context: KakapoContext): Handle {
  const authenticate = createAuthentication(context.ports, context.channel.id);
  const runs = new Map(contracts.map((contract) => [contract.name, runOf(contract)]));
  return async (operation, values, origin) => {
    const missing = operation.parameters.find((parameter) => parameter.mandatory && isBlank(values[parameter.name]));
    if (missing !== undefined) return refused(`Parameter ${missing.name} is mandatory and must not be blank`);
    let actor: KakapoActor;
    try {
      actor = await authenticate(values.loginUserName as string, values.loginPassword as string, origin);
    } catch (error) {
      return refused(loginRefusal(error));
    }
    const call = { ...context, ...origin, operation: operation.name, actor };
    const run = runs.get(operation.name)!;
    try {
      const items = await run(inputOf(operation, values), call);
      if (context.ports.validateResponses) checkItems(operation, items);
      return accepted(operation.answer, items);
    } catch (error) {
      const errorMessage = errorMessageOf(error, call);
      if (errorMessage === undefined) throw error;
      return refused(errorMessage);
    }
  };
}

/** @throws Error for one that nothing carries out: said when a channel begins to be served, not to a caller */
function runOf({ name }: OperationContract): Operation {
  const run = operations[name];
  if (run === undefined) throw new Error(`the contract has ${name}, which nothing carries out`);
  return run;
}

function refused(errorMessage: string): Answer {
  return { success: false, errorMessage };
}

function isBlank(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}

const isLogin = ({ name }: Parameter): boolean => name === 'loginUserName' || name === 'loginPassword';

/** Blank is what a form sends for a field that was left empty: of an optional parameter it means nothing. */
function inputOf({ parameters }: OperationContract, values: Values): Input {
  const input: Record<string, unknown> = {};
  for (const parameter of parameters) {
    const value = values[parameter.name];
    if (!isLogin(parameter) && !isBlank(value)) input[parameter.name] = value;
  }
  return input;
}

function accepted({ list }: AnswerContract, items: readonly object[] | undefined): Answer {
  if (list === undefined) return { success: true };
  if (items === undefined) throw new Error(`an answer without ${list.name}`);
  const times = list.fields.filter(({ type }) => type === 'dateTime').map(({ name }) => name);
  return { success: true, [list.name]: times.length === 0 ? items : items.map((item) => withShortTimes(item, times)) };
}

/** No schema says of a text that it is always there. @throws Error: a mistake of ours */
function checkItems({ name, answer: { list } }: OperationContract, items: readonly object[] | undefined): void {
  for (const item of items ?? []) {
    const has = item as Readonly<Record<string, unknown>>;
    const missing = list?.fields.find((field) => field.always && has[field.name] === undefined);
    if (missing !== undefined) throw new Error(`an item of ${name} without ${missing.name}`);
  }
}

/** Instants as .NET writes them: no zeros at the end of a fraction, and no fraction of zeros. */
function withShortTimes(item: object, names: readonly string[]): object {
  const short: Record<string, unknown> = { ...item };
  for (const name of names) {
    const time = short[name];
    if (typeof time === 'string') short[name] = time.replace(/(?:\.0+|(\.\d*?)0*)Z$/, '$1Z');
  }
  return short;
}
