import { Field, registerEnumType } from 'type-graphql';
import { type Authority, authorities, type LifecycleState, lifecycleStates } from '../../../core/shared/lifecycle.js';
import { ViewType } from '../relay/view-type.js';
import { DateTime } from '../scalars.js';

/** An enum whose names are the upper-case form of the core's words. */
export function enumOf<Word extends string>(
  name: string,
  words: readonly Word[],
  description: string,
): Record<string, Word> {
  const values = Object.fromEntries(
    words.map((word) => [word.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase(), word]),
  );
  registerEnumType(values, { name, description });
  return values;
}

export const LifecycleStates = enumOf<LifecycleState>(
  'LifecycleState',
  lifecycleStates,
  'Where a tenant, application or instance stands; computed from what holds it.',
);
const Authorities = enumOf<Authority>('Authority', authorities, 'Who may put and remove a hold.');

@ViewType('Hold', 'A reason why something is stopped; it starts again when none is left.')
export class HoldType {
  @Field(() => Authorities)
  authority!: Authority;

  @Field(() => String, { description: 'Who put it, by id.' })
  by!: string;

  @Field(() => DateTime)
  at!: string;
}
