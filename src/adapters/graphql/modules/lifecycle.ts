import { Field, registerEnumType } from 'type-graphql';
import {
  type Authority,
  authorities,
  type LifecycleState,
  lifecycleStates,
  type PendingApproval,
} from '../../../core/shared/lifecycle.js';
import type { EnumKind } from '../relay/list-args.js';
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
export const Authorities = enumOf<Authority>('Authority', authorities, 'Who may put and remove a hold.');

const pendingApprovals = {
  NONE: '',
  REGISTER: 'register',
  UPDATE: 'update',
  DELETE: 'delete',
} as const satisfies Record<string, PendingApproval>;
registerEnumType(pendingApprovals, {
  name: 'PendingApproval',
  description: 'The kind of the one approval an object may be waiting for.',
});
export const PendingApprovals: EnumKind = { enum: 'PendingApproval', values: pendingApprovals };

@ViewType('Hold', 'A reason why something is stopped; it starts again when none is left.')
export class HoldType {
  @Field(() => Authorities, { description: 'On whose word it was put.' })
  authority!: Authority;

  @Field(() => String, { description: 'Who put it, by id.' })
  by!: string;

  @Field(() => DateTime, { description: 'Since when.' })
  at!: string;
}
