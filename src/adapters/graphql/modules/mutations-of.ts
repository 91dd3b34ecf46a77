import { Arg, type ClassType, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Unit } from '../../../core/repositories.js';
import type { MercatorContext } from '../services.js';
import { type Answer, type CommandInput, change, command } from './command.js';

/** One request for one command. */
export interface Call {
  readonly context: MercatorContext;
  /** Runs it as one unit of work; what it answers is kept for its idempotency key. */
  run<A extends Answer>(work: (tx: Unit) => Promise<A>): Promise<A>;
  /** The same for a command about one object. Returns its id. */
  change(work: (tx: Unit) => Promise<{ readonly id: string }>): Promise<string>;
}

export interface MutationSpec<Input extends CommandInput> {
  readonly input: ClassType<Input>;
  readonly payload: object;
  readonly description: string;
  readonly handle: (input: Input, call: Call) => Promise<object>;
}

/** A mutation: its one input, what it answers with, and how: input → one command → what it changed. */
export function mutation<Input extends CommandInput, Payload extends object>(
  input: ClassType<Input>,
  payload: ClassType<Payload> | object,
  description: string,
  handle: (input: Input, call: Call) => Promise<Payload>,
): MutationSpec<CommandInput> {
  return { input, payload, description, handle } as unknown as MutationSpec<CommandInput>;
}

/** A resolver class with the mutations of a context. A command is named `context.mutation` in the journal. */
export function mutationsOf(
  contextName: string,
  specs: Readonly<Record<string, MutationSpec<CommandInput>>>,
): new () => object {
  @Resolver()
  class MutationsResolver {}
  const { prototype } = MutationsResolver;

  for (const [name, { input: inputType, payload, description, handle }] of Object.entries(specs)) {
    const commandName = `${contextName}.${name}`;
    const run = (input: CommandInput, context: MercatorContext): Promise<object> =>
      handle(input, {
        context,
        run: (work) => command(context, commandName, input, work),
        change: (work) => change(context, commandName, input, work),
      });
    const descriptor = { value: run, configurable: true, enumerable: false, writable: true };
    Object.defineProperty(prototype, name, descriptor);
    Arg('input', () => inputType)(prototype, name, 0);
    Ctx()(prototype, name, 1);
    Mutation(() => payload as ClassType, { description })(prototype, name, descriptor);
  }
  return MutationsResolver;
}
