import { Field, Int } from 'type-graphql';
import { type SessionState, sessionStates } from '../../../../core/identity/index.js';
import { type Role, roles } from '../../../../core/shared/actor.js';
import type { Hold } from '../../../../core/shared/lifecycle.js';
import { connectionOf } from '../../relay/connection.js';
import { registerNodeType } from '../../relay/node.js';
import { readerListArgs } from '../../relay/reader-list.js';
import { EntityType, NodeType } from '../../relay/view-type.js';
import { DateTime } from '../../scalars.js';
import { CreatedAtField, DisabledAtField, MomentField, TerminatedAtField, TextField, VersionField } from '../fields.js';
import { enumOf, HoldType } from '../lifecycle.js';

export const Roles = enumOf<Role>('Role', roles, 'What a member may do in a tenant and in everything below it.');
export const SessionStates = enumOf<SessionState>('SessionState', sessionStates, 'Where a sign-in stands.');

@EntityType('User', 'One person, hub-wide.', ['id', 'email'])
export class UserType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @TextField('Given name; empty when unknown.')
  givenName!: string;

  @TextField('Family name; empty when unknown.')
  familyName!: string;

  @TextField('The name to show.')
  displayName!: string;

  @TextField('BCP 47 language tag, or empty.')
  locale!: string;

  @Field(() => Int, {
    nullable: true,
    description: '0, 333 (read), 666 (write) or 1000 (administrator) for operators; null for everybody else.',
  })
  operatorLevel!: number | null;

  @Field(() => Boolean, { description: 'Can sign in with a password of the hub.' })
  hasPassword!: boolean;

  @Field(() => Boolean, { description: 'Has to choose a new password at the next sign-in.' })
  mustChangePassword!: boolean;

  @Field(() => [HoldType], { description: 'Why the person is stopped; empty when nothing holds them.' })
  holds!: readonly Hold[];

  @TerminatedAtField()
  terminatedAt!: string | null;
}
registerNodeType('user', 'User');

@NodeType('UserEmail', 'An address of a person; unique only among verified ones.')
export class UserEmailType {
  id!: string;

  @VersionField()
  version!: number;

  @TextField('As it was given.')
  email!: string;

  @Field(() => Boolean, { description: 'The one to write to.' })
  primary!: boolean;
}
registerNodeType('userEmail', 'UserEmail');

@NodeType(
  'Membership',
  'A place of a person in a tenant, for the whole tenant or for one instance as a marketplace set it up. Where both exist, the one for the instance decides.',
)
export class MembershipType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => [Roles], { description: 'What the person may do there.' })
  roles!: readonly Role[];

  @TextField('The name the channel knows the person by; empty for the hub’s own.')
  loginName!: string;

  @TextField('The address the channel sent, unverified; empty when it sent none.')
  email!: string;

  @TextField('As the channel sent it; empty when it sent none.')
  givenName!: string;

  @TextField('As the channel sent it; empty when it sent none.')
  familyName!: string;

  @TextField('BCP 47 language tag as the channel sent it, or empty.')
  locale!: string;

  @Field(() => [HoldType], { description: 'Why it is stopped; empty when nothing holds it.' })
  holds!: readonly Hold[];

  @TerminatedAtField()
  terminatedAt!: string | null;
}
registerNodeType('membership', 'Membership');

@NodeType('Session', 'A person signed in at the hub with one browser.')
export class SessionType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => SessionStates, { description: 'PENDING: asked for by a marketplace, its sign-in URL not used yet.' })
  state!: SessionState;

  @TextField('How the person proved who they are: `password`, `marketplace`, `set_password`.')
  method!: string;

  @Field(() => DateTime, { description: 'When it ends by itself.' })
  expiresAt!: string;

  @MomentField('When it ended; null while it lasts.')
  endedAt!: string | null;

  @TextField('Why it ended; empty while it lasts.')
  endReason!: string;
}
registerNodeType('session', 'Session');

@NodeType('Client', 'An OpenID / OAuth client. Its secret is never shown.')
export class ClientType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @TextField('What it calls itself at the token endpoint (`client_id`).')
  clientId!: string;

  @TextField('Its name.')
  name!: string;

  @Field(() => Boolean, { description: 'Has a secret; a public client has none.' })
  confidential!: boolean;

  @Field(() => Int, {
    nullable: true,
    description:
      'For `client_credentials`: the operator level it acts with; null when it acts for a tenant, or for persons.',
  })
  level!: number | null;

  @Field(() => [String], { description: 'OAuth grant types it may use.' })
  grantTypes!: readonly string[];

  @Field(() => [String], { description: 'Scopes it may ask for.' })
  scopes!: readonly string[];

  @Field(() => [String], { description: 'Where people may be sent after sign-in.' })
  redirectUris!: readonly string[];

  @Field(() => [String], { description: 'Where people may be sent after sign-out.' })
  postLogoutRedirectUris!: readonly string[];

  @TextField('Where it is told that a session ended; empty when it does not want to know.')
  backchannelLogoutUri!: string;

  @DisabledAtField()
  disabledAt!: string | null;
}
registerNodeType('client', 'Client');

@NodeType('IdentityProvider', 'An OpenID provider of a customer, to sign in with. Its client secret is never shown.')
export class IdentityProviderType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @TextField('Its natural name, as in its callback address.')
  key!: string;

  @TextField('The issuer it is discovered from.')
  issuer!: string;

  @TextField('What the hub calls itself there.')
  clientId!: string;

  @Field(() => [String], { description: 'People with addresses in these domains are offered it.' })
  emailDomains!: readonly string[];

  @Field(() => Boolean, { description: 'People in its domains have to use it.' })
  required!: boolean;
}
registerNodeType('identityProvider', 'IdentityProvider');

export const UserConnection = connectionOf('User', () => UserType);
export const UserListArgs = readerListArgs('User', 'users');
export const UserEmailConnection = connectionOf('UserEmail', () => UserEmailType);
export const UserEmailListArgs = readerListArgs('UserEmail', 'userEmails');
export const MembershipConnection = connectionOf('Membership', () => MembershipType);
export const MembershipListArgs = readerListArgs('Membership', 'memberships');
export const SessionConnection = connectionOf('Session', () => SessionType);
export const SessionListArgs = readerListArgs('Session', 'sessions', {
  state: { enum: 'SessionState', values: SessionStates },
});
export const ClientConnection = connectionOf('Client', () => ClientType);
export const ClientListArgs = readerListArgs('Client', 'clients');
export const IdentityProviderConnection = connectionOf('IdentityProvider', () => IdentityProviderType);
export const IdentityProviderListArgs = readerListArgs('IdentityProvider', 'identityProviders');
