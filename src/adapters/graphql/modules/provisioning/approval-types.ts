import { Field } from 'type-graphql';
import type { Property } from '../../../../core/shared/properties.js';
import type { Contact } from '../../../../core/tenancy/index.js';
import { ViewType } from '../../relay/view-type.js';
import { TextField } from '../fields.js';
import { PropertyType } from '../properties.js';
import { ContactType } from '../tenancy/types.js';
import { ParameterType } from './types.js';

const Proposed = (description: string): PropertyDecorator =>
  Field(() => String, { nullable: true, description }) as PropertyDecorator;

@ViewType('ApprovalProposal', 'What an update would write; what is null stays as it is.')
export class ApprovalProposalType {
  @Proposed('Its name.')
  name!: string | null;

  @Proposed('Of an application or instance: what it is, or is for.')
  description!: string | null;

  @Proposed('Of a tenant: ISO 3166-1 alpha-2.')
  country!: string | null;

  @Proposed('Of a tenant: IANA name.')
  timeZone!: string | null;

  @Field(() => ContactType, { nullable: true, description: 'Of a tenant: whom to talk to, all of it.' })
  contact!: Contact | null;

  @Proposed('Of an application or instance: where people use it.')
  accessUrl!: string | null;

  @Proposed('Of an application: where its sign-in starts.')
  loginUrl!: string | null;

  @Proposed('Of an application: where people sign out of it.')
  logoutUrl!: string | null;

  @Field(() => [ParameterType], { nullable: true, description: 'Of an instance: all its settings.' })
  parameters!: readonly ParameterType[] | null;

  @Field(() => [PropertyType], { nullable: true, description: 'All its name-value pairs.' })
  properties!: readonly Property[] | null;
}

@ViewType('ApprovalChange', 'One thing an update would change.')
export class ApprovalChangeType {
  @TextField('`name`; what has parts is told by them: `contact.email`, `parameters.size`, `properties.region`.')
  field!: string;

  @Field(() => String, { nullable: true, description: 'As it is now; null when it is not there.' })
  from!: string | null;

  @Field(() => String, { nullable: true, description: 'As it would be; null when it would be gone.' })
  to!: string | null;
}
