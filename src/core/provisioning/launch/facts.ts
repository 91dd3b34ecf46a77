import type { Voucher } from '../../identity/index.js';
import type { Instant } from '../../shared/clock.js';

/** What a channel may do with an address that is an account's here already (docs/design.md 10.22). */
export type LinkByEmail = 'verified' | 'confirm' | 'never';

/**
 * What a marketplace says when it brings a person in, whatever carried it; the carrier has been believed already. Texts are as they
 * came: outer blanks, lengths and values the hub cannot keep are seen to here, because nobody is kept out for a bad optional value.
 */
export interface LaunchFacts {
  readonly channelId: string;
  /** Settings of the channel: what is sold through it. */
  readonly applicationKey: string;
  /** Absent = the application's first plan that is still sold. */
  readonly planKey?: string | undefined;
  /** The seat people get; absent = the application's first license type. */
  readonly licenseTypeCode?: string | undefined;
  readonly linkByEmail: LinkByEmail;
  /** One user for every person and group: `userUid` and `email` are the virtual ones, and nobody is found by e-mail. */
  readonly virtual: boolean;

  /** The marketplace's id of what was bought: the instance and, by default, the tenant. */
  readonly groupUid: string;
  /** '' when it was not said, as with every text below. */
  readonly groupName: string;
  readonly companyName: string;
  readonly trialEndsAt: Instant | null;
  readonly groupProfile: GroupProfile;
  /** Who opened the session, when a reseller did. */
  readonly reseller: ResellerFacts | null;

  readonly userUid: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  /** Of the person. */
  readonly country: string;
  /** As the marketplace spells it. */
  readonly role: string;
  /** Everything else that was said, kept and not interpreted. Must hold no secret. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface GroupProfile {
  readonly email: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly country: string;
  readonly city: string;
  readonly organizationUid: string;
  /** The reseller that brought the group; '' = none. */
  readonly resellerId: string;
  readonly hasCreditCard: boolean | null;
}

export interface ResellerFacts {
  readonly id: string;
  readonly name: string;
  readonly country: string;
}

/** How the sign-in goes on: in the browser that began it and in no other one. */
export interface LaunchTicket {
  /** SHA-256 of the one-time secret the browser is sent on with. */
  readonly tokenHash: string;
  /** SHA-256 of the cookie of the browser that began. */
  readonly browserHash: string;
  readonly tokenTtlMs: number;
  readonly sessionTtlMs: number;
}

export interface LaunchInput extends LaunchTicket {
  readonly facts: LaunchFacts;
  readonly voucher: Voucher;
  /** When the marketplace wants to be asked again whether the sign-in still holds. */
  readonly recheckAt: Instant;
}

/**
 * `signedIn`: a pending session waits for the one-time secret. `confirm`: the address is an account's here whose owner must first
 * prove that it is theirs (`confirmLaunch` with the same secret); nobody is signed in and nobody was made.
 */
export interface LaunchResult {
  readonly outcome: 'signedIn' | 'confirm';
  readonly instanceId: string;
  readonly tenantId: string;
  /** The person signed in, or the one whose account it is. */
  readonly userId: string;
  readonly created: { readonly tenant: boolean; readonly user: boolean };
}
