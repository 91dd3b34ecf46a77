import { Field } from 'type-graphql';
import { type ActorKind, type Right, type Role, rights } from '../../../../core/shared/actor.js';
import { ViewType } from '../../relay/view-type.js';
import { TextField } from '../fields.js';
import { Roles } from '../identity/types.js';
import { ActorKinds } from '../journal/types.js';
import { enumOf } from '../lifecycle.js';

export const Rights = enumOf<Right>(
  'Right',
  Object.keys(rights) as Right[],
  'What somebody may do: see, change, administer. Each includes those before it.',
);

@ViewType('ViewerTenant', 'A tenant the caller belongs to or acts for.')
export class ViewerTenantType {
  @Field(() => [Roles], { description: 'The caller’s roles in it; empty for machines.' })
  roles!: readonly Role[];

  @Field(() => [Rights], { description: 'What the caller may do in it and in everything below it.' })
  rights!: readonly Right[];
}

@ViewType('Viewer', 'Who is asking, and what they may do.')
export class ViewerType {
  @Field(() => ActorKinds, { description: 'What kind of caller it is.' })
  kind!: ActorKind;

  @TextField('The caller’s id; empty for anonymous callers.')
  id!: string;

  @TextField('The caller’s name, as the journal has it.')
  name!: string;

  @Field(() => [Rights], { description: 'What the caller may do everywhere; tenants add to it.' })
  rights!: readonly Right[];

  @Field(() => [ViewerTenantType], { description: 'Where else the caller may do something.' })
  tenants!: readonly ViewerTenantType[];
}
