import { Field } from 'type-graphql';

type TypeOf = () => unknown;

/** A field of an input that must be given. */
export const Required = (type: TypeOf, description: string): PropertyDecorator =>
  Field(type as never, { description }) as PropertyDecorator;

/** A field of an input that may be absent; in changes a value sets, null clears and absent leaves alone. */
export const Optional = (type: TypeOf, description: string): PropertyDecorator =>
  Field(type as never, { nullable: true, description }) as PropertyDecorator;
