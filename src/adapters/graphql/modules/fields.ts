import { Field, Int } from 'type-graphql';
import { DateTime } from '../scalars.js';

/** Fields that read the same on every type. */
export const VersionField = (): PropertyDecorator =>
  Field(() => Int, { description: 'Counts changes, from 1; give it as `expectedVersion`.' }) as PropertyDecorator;

export const CreatedAtField = (): PropertyDecorator =>
  Field(() => DateTime, { description: 'When it came into being.' }) as PropertyDecorator;

export const TerminatedAtField = (): PropertyDecorator =>
  Field(() => DateTime, {
    nullable: true,
    description: 'When it ended for good; null while it lives.',
  }) as PropertyDecorator;

export const DisabledAtField = (): PropertyDecorator =>
  Field(() => DateTime, {
    nullable: true,
    description: 'Since when it is switched off; null while it works.',
  }) as PropertyDecorator;

/** A text that was given, or `''`. */
export const TextField = (description: string): PropertyDecorator =>
  Field(() => String, { description }) as PropertyDecorator;

/** A moment that may not have come. */
export const MomentField = (description: string): PropertyDecorator =>
  Field(() => DateTime, { nullable: true, description }) as PropertyDecorator;
