import { launch, runLaunch } from '../../../src/core/provisioning/index.js';
import { minute, shift } from '../../../src/core/shared/clock.js';
import { hashToken, randomToken } from '../../../src/platform/secrets.js';
import type { MaestranoHub } from './hub.js';

export interface LaunchChange {
  readonly groupUid?: string;
  readonly userUid?: string;
  readonly email?: string;
  readonly virtual?: boolean;
}

/** What a valid SAML response leads to, without the browser: somebody comes in through the marketplace of a channel. */
export function signOn(world: MaestranoHub, channel: string, change: LaunchChange = {}) {
  const { groupUid = 'cld-1', userUid = 'usr-1', virtual = false } = change;
  const channelId = world.channelId(channel);
  const { uow, clock } = world.hub;
  const actor = {
    kind: 'serviceAccount',
    serviceAccountId: channelId,
    username: `app-${channel}`,
    channelId,
    tenantId: null,
    level: null,
  } as const;
  const facts = {
    channelId,
    applicationKey: 'crm',
    planKey: 'crm-month',
    linkByEmail: 'never',
    virtual,
    groupUid,
    groupName: `Company ${groupUid} of ${channel}`,
    companyName: '',
    trialEndsAt: clock.now(),
    groupProfile: {
      email: 'office@doe.example',
      currency: 'EUR',
      timeZone: 'Europe/Paris',
      country: 'FR',
      city: 'Lyon',
      organizationUid: '',
      resellerId: '',
      hasCreditCard: true,
    },
    reseller: null,
    userUid,
    email: change.email ?? `${userUid}.${channel}@doe.example`,
    givenName: 'Ada',
    familyName: 'Lovelace',
    country: 'GB',
    role: 'Admin',
    attributes: {},
  } as const;
  return runLaunch(uow, actor, { name: 'test.launch', requestId: 'test', channelId }, (tx) =>
    launch(tx, {
      facts,
      voucher: { uid: userUid, session: 'mno-session-secret', groupUid },
      recheckAt: shift(clock.now(), 3 * minute),
      tokenHash: hashToken(randomToken()),
      browserHash: hashToken(randomToken()),
      tokenTtlMs: minute,
      sessionTtlMs: 60 * minute,
    }),
  );
}
