import { ID, InputType, Int } from 'type-graphql';
import type { Role } from '../../../../core/shared/actor.js';
import { ChangeInput, CommandInput } from '../command.js';
import { Optional, Required } from '../input-fields.js';
import { Roles } from './types.js';

@InputType('EmailInput', { description: 'An address of a person.' })
export class EmailInput {
  @Required(() => String, 'The address.')
  email!: string;

  @Optional(() => Boolean, 'Vouched for by an operator; others bring unverified addresses.')
  verified?: boolean | null;
}

@InputType('MemberProfileInput', { description: 'What a person is known by in one tenant or instance.' })
export class MemberProfileInput {
  @Optional(() => String, 'The name they sign in with there.')
  loginName?: string | null;

  @Optional(() => String, 'An unverified address.')
  email?: string | null;

  @Optional(() => String, 'Given name.')
  givenName?: string | null;

  @Optional(() => String, 'Family name.')
  familyName?: string | null;

  @Optional(() => String, 'BCP 47 language tag.')
  locale?: string | null;
}

@InputType('NewMembershipInput', { description: 'A place in a tenant, or in one of its instances.' })
export class NewMembershipInput {
  @Required(() => ID, 'Where.')
  tenantId!: string;

  @Optional(() => ID, 'For one instance of the tenant; absent for the whole tenant.')
  instanceId?: string | null;

  @Required(() => [Roles], 'OWNER and ADMIN are given by those who administer the tenant.')
  roles!: Role[];

  @Optional(() => MemberProfileInput, 'What they are known by there.')
  profile?: MemberProfileInput | null;
}

@InputType('CreateUserInput')
export class CreateUserInput extends CommandInput {
  @Optional(() => String, 'Given name.')
  givenName?: string | null;

  @Optional(() => String, 'Family name.')
  familyName?: string | null;

  @Optional(() => String, 'The name to show; given and family name when absent.')
  displayName?: string | null;

  @Optional(() => String, 'BCP 47 language tag.')
  locale?: string | null;

  @Optional(() => [EmailInput], 'Their addresses, the primary one first.')
  emails?: EmailInput[] | null;

  @Optional(() => String, 'At least 10 characters; absent: they cannot sign in with one yet.')
  password?: string | null;

  @Optional(() => NewMembershipInput, 'Their first place; only operators make people without one.')
  membership?: NewMembershipInput | null;
}

@InputType('UpdateUserInput')
export class UpdateUserInput extends ChangeInput {
  @Optional(() => String, 'Given name.')
  givenName?: string | null;

  @Optional(() => String, 'Family name.')
  familyName?: string | null;

  @Optional(() => String, 'The name to show.')
  displayName?: string | null;

  @Optional(() => String, 'BCP 47 language tag.')
  locale?: string | null;
}

@InputType('AddUserEmailInput')
export class AddUserEmailInput extends CommandInput {
  @Required(() => ID, 'Whose address it is.')
  userId!: string;

  @Required(() => String, 'The address.')
  email!: string;

  @Optional(() => Boolean, 'Vouched for by an operator; others bring unverified addresses.')
  verified?: boolean | null;

  @Optional(() => Boolean, 'Becomes the one to write to; the first address always does.')
  primary?: boolean | null;
}

@InputType('SetPasswordInput')
export class SetPasswordInput extends CommandInput {
  @Required(() => ID, 'Whose password it is; one’s own is set through a link.')
  userId!: string;

  @Required(() => String, 'At least 10 characters.')
  password!: string;

  @Optional(() => Boolean, 'Has to be changed at the next sign-in; so when absent.')
  mustChange?: boolean | null;

  @Optional(() => Int, 'The version you saw; refused with CONFLICT when it has changed since.')
  expectedVersion?: number | null;
}

@InputType('SendPasswordLinkInput')
export class SendPasswordLinkInput extends CommandInput {
  @Required(() => ID, 'Who gets the message.')
  userId!: string;

  @Optional(() => String, 'Its language, as BCP 47 tag; the person’s own when absent.')
  locale?: string | null;
}

@InputType('SignOutInput')
export class SignOutInput extends CommandInput {
  @Required(() => ID, 'Who is signed out.')
  userId!: string;

  @Optional(() => ID, 'Only this session; absent: everywhere, and their tokens end.')
  sessionId?: string | null;
}

@InputType('SetOperatorLevelInput')
export class SetOperatorLevelInput extends ChangeInput {
  @Optional(() => Int, '0, 333 (read), 666 (write) or 1000 (administrator); `null` takes the level away.')
  level!: number | null;
}

@InputType('AddMembershipInput')
export class AddMembershipInput extends CommandInput {
  @Required(() => ID, 'Who; operators name anybody, others those they can see.')
  userId!: string;

  @Required(() => NewMembershipInput, 'Where, and as what.')
  membership!: NewMembershipInput;
}

@InputType('ChangeMembershipInput')
export class ChangeMembershipInput extends ChangeInput {
  @Optional(() => [Roles], 'All roles from now on; cannot be cleared.')
  roles?: Role[] | null;

  @Optional(() => MemberProfileInput, 'Each part of it sets, clears or stays.')
  profile?: MemberProfileInput | null;
}

@InputType('RegisterClientInput')
export class RegisterClientInput extends CommandInput {
  @Required(() => String, 'What it calls itself (`client_id`).')
  clientId!: string;

  @Optional(() => String, 'Its name.')
  name?: string | null;

  @Optional(() => Boolean, 'Gets a secret, shown once; so when absent. `false` makes a public client.')
  confidential?: boolean | null;

  @Optional(() => ID, 'People need a seat of this application to sign in.')
  applicationId?: string | null;

  @Optional(() => ID, 'People need to be able to use this instance to sign in.')
  instanceId?: string | null;

  @Optional(() => ID, '`client_credentials`: the tenant it administers.')
  tenantId?: string | null;

  @Optional(() => Int, '`client_credentials`: the operator level it acts with.')
  level?: number | null;

  @Required(() => [String], '`authorization_code`, `refresh_token`, `client_credentials`.')
  grantTypes!: string[];

  @Required(() => [String], 'Scopes it may ask for.')
  scopes!: string[];

  @Optional(() => [String], 'Where people may be sent after sign-in.')
  redirectUris?: string[] | null;

  @Optional(() => [String], 'Where people may be sent after sign-out.')
  postLogoutRedirectUris?: string[] | null;

  @Optional(() => String, 'Where it is told that a session ended.')
  backchannelLogoutUri?: string | null;
}

@InputType('UpdateClientInput')
export class UpdateClientInput extends ChangeInput {
  @Optional(() => String, 'Its name.')
  name?: string | null;

  @Optional(() => ID, 'People need a seat of this application to sign in.')
  applicationId?: string | null;

  @Optional(() => ID, 'People need to be able to use this instance to sign in.')
  instanceId?: string | null;

  @Optional(() => ID, '`client_credentials`: the tenant it administers.')
  tenantId?: string | null;

  @Optional(() => Int, '`client_credentials`: the operator level it acts with.')
  level?: number | null;

  @Optional(() => [String], 'Grant types it may use; cannot be cleared.')
  grantTypes?: string[] | null;

  @Optional(() => [String], 'Scopes it may ask for.')
  scopes?: string[] | null;

  @Optional(() => [String], 'Where people may be sent after sign-in.')
  redirectUris?: string[] | null;

  @Optional(() => [String], 'Where people may be sent after sign-out.')
  postLogoutRedirectUris?: string[] | null;

  @Optional(() => String, 'Where it is told that a session ended.')
  backchannelLogoutUri?: string | null;
}

@InputType('RegisterIdentityProviderInput')
export class RegisterIdentityProviderInput extends CommandInput {
  @Required(() => String, 'Its natural name, as in its callback address.')
  key!: string;

  @Required(() => ID, 'Whose provider it is.')
  tenantId!: string;

  @Required(() => String, 'The issuer it is discovered from.')
  issuer!: string;

  @Required(() => String, 'What the hub calls itself there.')
  clientId!: string;

  @Required(() => String, 'The hub’s secret there; never shown again.')
  clientSecret!: string;

  @Optional(() => [String], 'Domains whose people are offered it; given by operators who have seen whose they are.')
  emailDomains?: string[] | null;

  @Optional(() => Boolean, 'People in its domains have to use it.')
  required?: boolean | null;
}

@InputType('UpdateIdentityProviderInput')
export class UpdateIdentityProviderInput extends ChangeInput {
  @Optional(() => String, 'The issuer it is discovered from; cannot be cleared.')
  issuer?: string | null;

  @Optional(() => String, 'What the hub calls itself there; cannot be cleared.')
  clientId?: string | null;

  @Optional(() => String, 'The hub’s secret there; cannot be cleared.')
  clientSecret?: string | null;

  @Optional(() => [String], 'Domains whose people are offered it.')
  emailDomains?: string[] | null;

  @Optional(() => Boolean, 'People in its domains have to use it.')
  required?: boolean | null;
}
