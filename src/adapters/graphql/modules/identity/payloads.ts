import { Int, ObjectType } from 'type-graphql';
import type { Membership, UserEmail } from '../../../../core/identity/index.js';
import type { ClientView, IdentityProviderView, UserView } from '../../../../core/readers.js';
import { Optional, Required } from '../input-fields.js';
import { ClientType, IdentityProviderType, MembershipType, UserEmailType, UserType } from './types.js';

@ObjectType('UserPayload', { simpleResolvers: true })
export class UserPayload {
  @Optional(() => UserType, 'The person now; null when they are out of your sight.')
  user!: UserView | null;
}

@ObjectType('CreateUserPayload', { simpleResolvers: true })
export class CreateUserPayload extends UserPayload {
  @Optional(() => MembershipType, 'Their first place; null when they got none.')
  membership!: Membership | null;
}

@ObjectType('UserEmailPayload', { simpleResolvers: true })
export class UserEmailPayload {
  @Optional(() => UserEmailType, 'The address now; null when it is out of your sight.')
  userEmail!: UserEmail | null;
}

@ObjectType('SignOutPayload', { simpleResolvers: true })
export class SignOutPayload extends UserPayload {
  @Required(() => Int, 'Sessions of the hub that ended.')
  ended!: number;
}

@ObjectType('MembershipPayload', { simpleResolvers: true })
export class MembershipPayload {
  @Optional(() => MembershipType, 'The place now; null when it is out of your sight.')
  membership!: Membership | null;
}

@ObjectType('ClientPayload', { simpleResolvers: true })
export class ClientPayload {
  @Optional(() => ClientType, 'The client now; null when it is out of your sight.')
  client!: ClientView | null;
}

@ObjectType('ClientSecretPayload', { simpleResolvers: true })
export class ClientSecretPayload extends ClientPayload {
  @Optional(() => String, 'The new secret: shown here and never again. Null for a public client.')
  clientSecret!: string | null;
}

@ObjectType('IdentityProviderPayload', { simpleResolvers: true })
export class IdentityProviderPayload {
  @Optional(() => IdentityProviderType, 'The provider now; null when it is out of your sight.')
  identityProvider!: IdentityProviderView | null;
}
