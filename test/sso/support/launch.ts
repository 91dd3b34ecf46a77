import { setTimeout as pause } from 'node:timers/promises';
import type { Recheck } from '../../../src/adapters/marketplace.js';
import { parseCookies } from '../../../src/adapters/sso/cookies.js';
import type { Vouchers } from '../../../src/adapters/sso/index.js';
import type { Session } from '../../../src/core/identity/index.js';
import { configureChannel } from '../../../src/core/marketplace/index.js';
import { type LaunchFacts, type LaunchResult, launch, runLaunch } from '../../../src/core/provisioning/index.js';
import { minute, shift } from '../../../src/core/shared/clock.js';
import { hashToken, randomToken } from '../../../src/platform/secrets.js';
import { type Browser, openBrowser } from './browser.js';
import type { World } from './world.js';

export const init = 'https://hub.example/maestrano/auth/saml/init/acme';
export const exit = 'https://marketplace.example/app_logout?user_uid=usr-1';

/** A marketplace as the sign-in knows it: says what a test wants and remembers what it was asked. */
export interface Marketplace {
  readonly asked: readonly Session[];
  /** The passwords it was asked about. */
  readonly passwords: readonly string[];
  readonly vouchers: { -readonly [K in keyof Vouchers]: Vouchers[K] };
  /** What it answers; throws what a test makes it throw. */
  answer(): Promise<Recheck | undefined>;
  password(password: string): boolean | undefined;
  exit(): string;
  /** It vouches for nobody any more. */
  refuse(): void;
  /** As at the begin. */
  reset(): void;
}

export function createMarketplace(clock: { now(): string }): Marketplace {
  const asked: Session[] = [];
  const passwords: string[] = [];
  const says = (): Pick<Marketplace, 'answer' | 'password' | 'exit'> => ({
    answer: async () => ({ valid: true, recheckAt: shift(clock.now(), 3 * minute) }),
    password: () => undefined,
    exit: () => exit,
  });
  const marketplace: Marketplace = {
    asked,
    passwords,
    ...says(),
    vouchers: {
      async recheck(session) {
        asked.push(session);
        await pause(20); // long enough that whoever comes meanwhile finds it asking
        return marketplace.answer();
      },
      signOutUrl: async () => marketplace.exit(),
      beginUrl: async ({ voucher }) => `${init}?group_id=${voucher?.groupUid}`,
      async verifyPassword(_userId, password) {
        passwords.push(password);
        return marketplace.password(password);
      },
    },
    refuse() {
      marketplace.answer = async () => ({ valid: false, recheckAt: null });
    },
    reset() {
      asked.length = 0;
      passwords.length = 0;
      Object.assign(marketplace, says());
    },
  };
  return marketplace;
}

/** The world's application sold by a marketplace of its own. */
export async function openShop(world: World) {
  const channel = await world.run((tx) => configureChannel(tx, { name: 'acme', protocol: 'maestrano', settings: {} }));

  const factsOf = (change: Partial<LaunchFacts> = {}): LaunchFacts => ({
    channelId: channel.id,
    applicationKey: 'crm',
    linkByEmail: 'verified',
    virtual: false,
    groupUid: 'cld-1',
    groupName: 'Doe Corp',
    companyName: '',
    trialEndsAt: null,
    groupProfile: {
      email: '',
      currency: '',
      timeZone: '',
      country: '',
      city: '',
      organizationUid: '',
      resellerId: '',
      hasCreditCard: null,
    },
    reseller: null,
    userUid: 'usr-1',
    email: 'ada@doe.example',
    givenName: 'Ada',
    familyName: 'Lovelace',
    country: '',
    role: 'Member',
    attributes: {},
    ...change,
  });

  /** Somebody at the marketplace opens the application in this browser; `url` is where it is sent back to. */
  async function begin(
    change: Partial<LaunchFacts> = {},
    browser: Browser = openBrowser(),
  ): Promise<LaunchResult & { readonly browser: Browser; readonly url: string; readonly secret: string }> {
    const { launches } = world.sso;
    const { setCookie, browserHash } = launches.begin();
    const [[name, value]] = [...parseCookies(setCookie.split(';')[0])] as [[string, string]];
    const jar = browser.jar.get(world.publicUrl) ?? new Map<string, string>();
    browser.jar.set(world.publicUrl, jar.set(name, value));
    const facts = factsOf(change);
    const secret = randomToken();
    const actor = {
      kind: 'serviceAccount',
      serviceAccountId: channel.id,
      username: 'app-1',
      channelId: channel.id,
      tenantId: null,
      level: null,
    } as const;
    const result = await runLaunch(
      world.persistence.uow,
      actor,
      { name: 'maestrano.consume', requestId: 'test', channelId: channel.id },
      (tx) =>
        launch(tx, {
          facts,
          voucher: { uid: facts.userUid, session: 'mno-session-secret', groupUid: facts.groupUid },
          recheckAt: shift(world.clock.now(), 3 * minute),
          browserHash,
          tokenHash: hashToken(secret),
          tokenTtlMs: minute,
          sessionTtlMs: launches.sessionMs,
        }),
    );
    const url = result.outcome === 'signedIn' ? launches.enterUrl(secret) : launches.linkUrl(secret);
    return { ...result, browser, url, secret };
  }

  /** The same to its end: the browser is signed in. */
  async function signOn(change: Partial<LaunchFacts> = {}, browser?: Browser) {
    const begun = await begin(change, browser);
    const visit = await begun.browser.get(begun.url);
    if (visit.status !== 303) throw new Error(`not signed in: ${visit.status} ${visit.body.slice(0, 300)}`);
    const cookie = begun.browser.cookie(world.publicUrl, 'mercator_session') ?? '';
    const [session] = await world.run((tx) => tx.sessions.findMany({ cookieHash: hashToken(cookie) }));
    if (session === undefined) throw new Error('a cookie without a session');
    return { ...begun, visit, session };
  }

  return { channel, begin, signOn };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;
