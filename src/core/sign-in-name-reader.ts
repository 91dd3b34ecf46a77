import type { Role } from './shared/actor.js';

/** A person with a place in a tenant and a name to sign in with. */
export interface SignInPerson {
  readonly name: string;
  readonly email: string;
  readonly instanceId: string;
  readonly roles: readonly Role[];
  /** Of the record the channel keeps for them; {} without one. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface SignInNameReader {
  /**
   * People a channel has given a name and a place in this tenant, in the order of the names, with their record of that kind; at most
   * `limit`. One statement. Not cut to a reach: whoever asks has found the tenant in theirs.
   */
  of(
    place: { readonly channelId: string; readonly tenantId: string },
    recordKind: string,
    limit: number,
  ): Promise<readonly SignInPerson[]>;
}
