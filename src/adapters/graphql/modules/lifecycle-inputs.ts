import { InputType } from 'type-graphql';
import type { disableObject } from '../../../core/provisioning/index.js';
import type { Authority } from '../../../core/shared/lifecycle.js';
import { ChangeInput, given } from './command.js';
import { Optional } from './input-fields.js';
import { Authorities } from './lifecycle.js';

@InputType('HoldInput', { description: 'Stops something, or lets it go on.' })
export class HoldInput extends ChangeInput {
  @Optional(() => Authorities, 'In whose name. Only operators name another than their own, and never MARKETPLACE.')
  authority?: Authority | null;
}

type Target = Parameters<typeof disableObject>[1];

/** The object as the lifecycle's use cases want it named. */
export function targetOf(kind: Target['kind'], input: HoldInput): Target {
  const { id, expectedVersion, authority } = given(input, {});
  return { kind, id, expectedVersion, ...(authority === undefined ? {} : { as: authority }) };
}
