import { ID, InputType, Int } from 'type-graphql';
import type { Readers } from '../../../core/readers.js';
import type { Unit } from '../../../core/repositories.js';
import { actorId, requireRight } from '../../../core/shared/actor.js';
import { invalid } from '../../../core/shared/errors.js';
import type { Reader } from '../../../core/shared/reading.js';
import { checkText } from '../../../core/shared/text.js';
import type { Idempotency } from '../../../core/shared/unit-of-work.js';
import { hashToken } from '../../../platform/secrets.js';
import { findOne } from '../relay/lists.js';
import type { MercatorContext } from '../services.js';
import { Optional, Required } from './input-fields.js';

@InputType()
export class CommandInput {
  @Optional(
    () => String,
    'Names this command for 7 days: sent again with the same content it gives the same answer and has no second effect; other content is refused with CONFLICT.',
  )
  idempotencyKey?: string | null;

  @Optional(() => String, 'Why, for the journal; at most 1,000 characters.')
  reason?: string | null;
}

/** A command on something that is there. */
@InputType()
export class ChangeInput extends CommandInput {
  @Required(() => ID, 'What to change.')
  id!: string;

  @Optional(() => Int, 'The version you saw; refused with CONFLICT when it has changed since.')
  expectedVersion?: number | null;
}

@InputType('TargetInput', { description: 'Names something and says nothing else about it.' })
export class TargetInput extends ChangeInput {}

/** What is kept of a command's answer for its idempotency key: survives JSON, and is read again by id where it is shown. */
export type Answer = Readonly<Record<string, string | number | null | readonly string[]>>;

/**
 * Runs one command as one unit of work. With an idempotency key a repeated one answers what the first did.
 * Refusals are not remembered: nothing happened, so the same key may be tried again.
 */
export async function command<A extends Answer>(
  context: MercatorContext,
  name: string,
  input: CommandInput,
  work: (tx: Unit) => Promise<A>,
): Promise<A> {
  const { actor, requestId, address, services } = context;
  const reason = input.reason ?? '';
  if (reason.length > 1_000) throw invalid('reason', 'must not be longer than 1,000 characters');
  const answer = await services.units.run(
    actor,
    { name, requestId, address, reason, ...idempotencyOf(context, name, input) },
    work,
  );
  context.forget();
  return answer;
}

/** The same for a command about one object. Returns its id. */
export async function change(
  context: MercatorContext,
  name: string,
  input: CommandInput,
  work: (tx: Unit) => Promise<{ readonly id: string }>,
): Promise<string> {
  const { id } = await command(context, name, input, async (tx) => ({ id: (await work(tx)).id }));
  return id;
}

function idempotencyOf(
  { actor }: MercatorContext,
  name: string,
  { idempotencyKey, ...content }: CommandInput,
): { readonly idempotency?: Idempotency } {
  if (idempotencyKey === undefined || idempotencyKey === null) return {};
  const key = checkText('idempotencyKey', idempotencyKey, 255);
  const scope = `graphql/${actor.kind}/${hashToken(actorId(actor))}`;
  return { idempotency: { scope, key, content: canonical([name, content]) } };
}

/** JSON with the names of every object in one order, so that two clients' spellings of the same input are equal. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** What a command changed, as its caller may see it; null when it is out of their sight. */
export function shown<Name extends keyof Lists>(
  context: MercatorContext,
  list: Name,
  id: string | null,
): Promise<ViewOf<Lists[Name]> | null> {
  return findOne(context, context.services.readers[list] as Reader<ViewOf<Lists[Name]>>, id);
}

/** The same for several, without those out of sight. */
export async function shownAll<Name extends keyof Lists>(
  context: MercatorContext,
  list: Name,
  ids: readonly string[],
): Promise<ViewOf<Lists[Name]>[]> {
  const views = await Promise.all(ids.map((id) => shown(context, list, id)));
  return views.filter((view) => view !== null);
}

type Lists = { [Name in keyof Readers as Readers[Name] extends Reader<infer _View> ? Name : never]: Readers[Name] };
type ViewOf<R> = R extends Reader<infer View> ? View : never;

type Given<Input, Empty> = {
  [Name in keyof Input as Exclude<Name, keyof CommandInput>]: Name extends keyof Empty
    ? Exclude<Input[Name], null> | Empty[Name]
    : Exclude<Input[Name], null>;
};

/**
 * An input as use cases take it: absent fields are absent, `null` becomes what `empty` says for the field.
 * Throws `invalid_value` for a null where nothing can be cleared.
 */
export function given<Input extends object, const Empty extends { readonly [Name in keyof Input]?: unknown }>(
  input: Input,
  empty: Empty,
): Given<Input, Empty> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || name === 'idempotencyKey' || name === 'reason') continue;
    if (value !== null) result[name] = value;
    else if (Object.hasOwn(empty, name)) result[name] = empty[name as keyof Empty];
    else if (name !== 'expectedVersion') throw invalid(name, 'cannot be cleared');
  }
  return result as Given<Input, Empty>;
}

/** For work that must be done before the unit and costs: nobody who may write nowhere gets it. Throws `forbidden`. */
export function requireWriter({ actor }: MercatorContext): void {
  requireRight(actor, 'write');
}
