import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Membership, UserEmail } from '../../../../core/identity/index.js';
import type { ClientView, IdentityProviderView, SessionView, UserView } from '../../../../core/readers.js';
import type { MercatorContext } from '../../services.js';
import { lists } from '../lists.js';
import { relationsOf, rootsOf } from '../reading.js';
import { userByEmail, verifiedEmailOf } from './emails.js';
import { ClientType, IdentityProviderType, MembershipType, SessionType, UserEmailType, UserType } from './types.js';

@Resolver(() => UserType)
class UserFields {
  @Query(() => UserType, {
    nullable: true,
    description: 'The person whose verified address it is, in any letter case; null when there is none you may see.',
  })
  userByEmail(
    @Arg('email', () => String, { description: 'A verified address.' }) email: string,
    @Ctx() context: MercatorContext,
  ): Promise<UserView | null> {
    return userByEmail(email, context);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The verified address, the primary one first; null when none is verified.',
  })
  email(@Root() user: UserView, @Ctx() context: MercatorContext): Promise<string | null> {
    return verifiedEmailOf(user.id, context);
  }
}

@Resolver(() => UserEmailType)
class UserEmailFields {
  @FieldResolver(() => Boolean, { description: 'Proven to be the person’s.' })
  verified(@Root() address: UserEmail): boolean {
    return address.verifiedKey !== null;
  }
}

export const identityQueries = [
  rootsOf('user', 'users', lists.users, 'People'),
  rootsOf('userEmail', 'userEmails', lists.userEmails, 'Addresses of people'),
  rootsOf('membership', 'memberships', lists.memberships, 'Places of people in tenants'),
  rootsOf('session', 'sessions', lists.sessions, 'Sign-ins'),
  rootsOf('client', 'clients', lists.clients, 'OAuth clients'),
  rootsOf('identityProvider', 'identityProviders', lists.identityProviders, 'Customers’ own providers to sign in with'),
  UserFields,
  UserEmailFields,
  relationsOf<UserView>(UserType, {
    many: {
      emails: [lists.userEmails, 'userId', 'All addresses of the person.'],
      memberships: [lists.memberships, 'userId', 'Where the person is or was a member.'],
      licenses: [lists.licenses, 'userId', 'Seats the person holds or held.'],
      sessions: [lists.sessions, 'userId', 'Where the person is or was signed in.'],
      externalRefs: [lists.externalRefs, 'targetId', 'The ids channels have for the person.'],
      journal: [lists.journal, 'objectId', 'What happened to the person’s own data.'],
    },
  }),
  relationsOf<UserEmail>(UserEmailType, {
    one: { user: [lists.users, (address) => address.userId, 'Whose it is.'] },
  }),
  relationsOf<Membership>(MembershipType, {
    one: {
      user: [lists.users, (membership) => membership.userId, 'Who is a member.'],
      tenant: [lists.tenants, (membership) => membership.tenantId, 'Where.'],
      instance: [
        lists.instances,
        (membership) => membership.instanceId,
        'For which instance; null for the whole tenant.',
      ],
      channel: [
        lists.channels,
        (membership) => membership.channelId,
        'The channel it belongs to; null for the hub’s own.',
      ],
    },
    many: { journal: [lists.journal, 'objectId', 'What happened to it.'] },
  }),
  relationsOf<SessionView>(SessionType, {
    one: {
      user: [lists.users, (session) => session.userId, 'Who is signed in.'],
      channel: [
        lists.channels,
        (session) => session.channelId,
        'The channel that asked for it; null for a sign-in at the hub.',
      ],
      instance: [
        lists.instances,
        (session) => session.instanceId,
        'What a marketplace signed the person in to; null for a sign-in at the hub.',
      ],
    },
  }),
  relationsOf<ClientView>(ClientType, {
    one: {
      application: [
        lists.applications,
        (client) => client.applicationId,
        'What people sign in to with it; null when nothing is bound.',
      ],
      instance: [
        lists.instances,
        (client) => client.instanceId,
        'The instance it stands for; null when it stands for none.',
      ],
      tenant: [lists.tenants, (client) => client.tenantId, 'The tenant it administers; null when it acts for none.'],
    },
    many: { journal: [lists.journal, 'objectId', 'What happened to it.'] },
  }),
  relationsOf<IdentityProviderView>(IdentityProviderType, {
    one: { tenant: [lists.tenants, (provider) => provider.tenantId, 'Whose it is; null for the operator’s own.'] },
    many: { journal: [lists.journal, 'objectId', 'What happened to it.'] },
  }),
];
