import { Field, InputType } from 'type-graphql';
import type { Property } from '../../../core/shared/properties.js';
import { ViewType } from '../relay/view-type.js';
import { TextField } from './fields.js';
import { Optional, Required } from './input-fields.js';

@ViewType('Property', 'A name-value pair kept for whoever manages an object.')
export class PropertyType {
  @TextField('Its name, unique on the object.')
  name!: string;

  @Field(() => String, { nullable: true, description: 'Its value; null when it has a name only.' })
  value!: string | null;
}

@InputType('PropertyInput', { description: 'A name-value pair.' })
export class PropertyInput {
  @Required(() => String, 'Its name, unique on the object.')
  name!: string;

  @Optional(() => String, 'Its value; absent or null for a name only.')
  value?: string | null;
}

/** As use cases take them: null clears all, absent leaves them alone. */
export function propertiesOf(properties: readonly PropertyInput[] | null | undefined): {
  readonly properties?: readonly Property[];
} {
  if (properties === undefined) return {};
  return { properties: (properties ?? []).map(({ name, value }) => ({ name, value: value ?? null })) };
}
