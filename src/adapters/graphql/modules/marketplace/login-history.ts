import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { AccountLogin, LoginOutcome } from '../../../../core/marketplace/index.js';
import { loginFailures } from '../../../../core/marketplace/index.js';
import type { ServiceAccountView } from '../../../../core/readers.js';
import type { Connection } from '../../relay/connection.js';
import type { ListArgs } from '../../relay/list-args.js';
import { listChildren } from '../../relay/lists.js';
import { DateTime } from '../../scalars.js';
import type { MercatorContext } from '../../services.js';
import { AccountLoginConnection, AccountLoginListArgs, ServiceAccountType } from './types.js';

const newestFirst = { field: 'lastAt', direction: 'DESC' } as const;

/** One statement for all accounts of a page. */
async function lastOf(
  { loaders, services }: MercatorContext,
  accountId: string,
  outcomes: readonly LoginOutcome[],
): Promise<string | null> {
  const request = { first: 1, filter: { outcome: { in: outcomes } }, orderBy: newestFirst };
  const { nodes } = await loaders.children(services.readers.accountLogins, 'serviceAccountId', accountId, request);
  return nodes[0]?.lastAt ?? null;
}

@Resolver(() => ServiceAccountType)
export class LoginHistoryFields {
  @FieldResolver(() => DateTime, {
    nullable: true,
    description:
      'The last log-in for which the password was verified; null when there was none, and on channels that tell none.',
  })
  lastSuccessfulLogin(@Root() { id }: ServiceAccountView, @Ctx() context: MercatorContext): Promise<string | null> {
    return lastOf(context, id, ['succeeded']);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'The last log-in that was refused; null when there was none, and on channels that tell none.',
  })
  lastFailedLogin(@Root() { id }: ServiceAccountView, @Ctx() context: MercatorContext): Promise<string | null> {
    return lastOf(context, id, loginFailures);
  }

  @FieldResolver(() => AccountLoginConnection, {
    description: 'Log-ins, locks and unlocks, the newest first; kept for 90 days, at most 1,000 lines.',
  })
  loginHistory(
    @Root() { id }: ServiceAccountView,
    @Args(() => AccountLoginListArgs) args: ListArgs,
    @Ctx() context: MercatorContext,
  ): Connection<AccountLogin> {
    const { accountLogins } = context.services.readers;
    return listChildren(context, accountLogins, 'serviceAccountId', id, { ...args, orderBy: newestFirst });
  }
}
