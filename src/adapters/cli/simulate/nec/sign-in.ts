import type { IsvApp } from '../../ports.js';
import { createBrowser, type Page, textById } from '../browser.js';
import { expectEqual } from '../check.js';
import { comesTrue } from '../wait.js';
import type { person, ScenarioContext } from './scenarios/scenario.js';

/** Where the person is followed to. */
export interface SignInLeg {
  readonly app: IsvApp;
  /** Whether the hub is told, as far as this process knows, that it may call the application. */
  readonly hubMayCallApp: boolean;
}

/** From UpdateUserStatus(7) to the next click being signed out (docs/design.md, 10.18). */
const signedOutWithin = 1_000;
/** From there to the application having been told. */
const toldWithin = 5_000;

/**
 * The application button: Login, the person's browser, the application that shows their name, UpdateUserStatus(7), the next click
 * signed out, the application told; then back again and out through Logout.
 */
export async function followIntoApplication(
  context: ScenarioContext,
  realmId: string,
  user: ReturnType<typeof person>,
): Promise<void> {
  const { nec, transcript, signIn } = context;
  const key = { realmId, userId: user.userId };
  const login = await nec.call(`${user.firstName} clicks the application button`, 'Login', key);
  const { ssoUrl, sessionId } = login;
  if (typeof signIn === 'string') {
    transcript.skip('the browser follows the sign-in URL', signIn);
  } else {
    await inTheBrowser(context, signIn, key, String(ssoUrl), String(sessionId), user);
  }
  await nec.call(`${user.firstName} signs out at the marketplace`, 'Logout', { sessionId: String(sessionId) });
  await nec.call(
    'the session has ended',
    'ValidateSession',
    { sessionId: String(sessionId) },
    {
      check: ({ valid }) => expectEqual('valid', valid, false),
    },
  );
}

async function inTheBrowser(
  { nec, transcript }: ScenarioContext,
  { app, hubMayCallApp }: SignInLeg,
  key: { realmId: string; userId: string },
  ssoUrl: string,
  sessionId: string,
  user: ReturnType<typeof person>,
): Promise<void> {
  const browser = createBrowser();
  const fullName = `${user.firstName} ${user.lastName}`;
  await transcript.step(
    'the browser follows the sign-in URL to the application, and no password is asked',
    async () => {
      const page = await browser.open(ssoUrl);
      const differences = expectEqual(
        'the name in the application',
        textById(page.html, 'person') ?? titleOf(page),
        fullName,
      );
      return { seen: page.way.join(' → '), differences };
    },
  );
  await nec.call(
    'the marketplace asks whether the session lives',
    'ValidateSession',
    { sessionId },
    {
      check: ({ valid }) => expectEqual('valid', valid, true),
    },
  );
  await transcript.step('the sign-in URL works once', async () => {
    const again = await createBrowser().open(ssoUrl);
    return { seen: `status ${again.status}`, differences: expectEqual('status', again.status, 403) };
  });
  const told = app.logouts.length;
  await nec.call(`${user.firstName} is disabled`, 'UpdateUserStatus', { ...key, status: 7 });
  const disabledAt = performance.now();
  await transcript.step(`the next click is signed out, within ${signedOutWithin} ms`, async () => {
    const signedOut = async (): Promise<boolean> =>
      textById((await browser.open(`${app.url}/`)).html, 'person') === undefined;
    const out = await comesTrue(signedOut, signedOutWithin - (performance.now() - disabledAt));
    const after = Math.round(performance.now() - disabledAt);
    return { seen: `${after} ms after the answer`, differences: out ? [] : [`still signed in after ${after} ms`] };
  });
  const heard = (): boolean => app.logouts.length > told;
  const title = `the application was told by back-channel logout, within ${toldWithin} ms`;
  const inTime = await comesTrue(heard, hubMayCallApp ? toldWithin : signedOutWithin);
  if (inTime || hubMayCallApp) {
    await transcript.step(title, async () => ({
      seen: `${Math.round(performance.now() - disabledAt)} ms after the answer`,
      differences: inTime ? [] : ['the application was not told'],
    }));
  } else {
    const { host } = new URL(app.url);
    transcript.skip(
      title,
      `the hub may not call the application, which runs on this machine; start the hub with OUTBOUND_ALLOW=${host} to see this step`,
    );
  }
  await nec.call('a disabled person gets no sign-in URL', 'Login', key, { code: 7 });
  await nec.call(`${user.firstName} is enabled; the instance never was disabled`, 'UpdateUserStatus', {
    ...key,
    status: 1,
  });
  const back = await nec.call(`${user.firstName} clicks again`, 'Login', key);
  await transcript.step('and is in again', async () => {
    const page = await browser.open(String(back.ssoUrl));
    return {
      differences: expectEqual('the name in the application', textById(page.html, 'person') ?? titleOf(page), fullName),
    };
  });
  await nec.call(`${user.firstName} signs out everywhere`, 'Logout', key);
  await transcript.step('the application sees it', async () => {
    const signedOut = async (): Promise<boolean> =>
      textById((await browser.open(`${app.url}/`)).html, 'person') === undefined;
    return { differences: (await comesTrue(signedOut, signedOutWithin)) ? [] : ['still signed in'] };
  });
}

function titleOf(page: Page): string {
  return `none: ${page.status} "${/<title>([^<]*)/.exec(page.html)?.[1] ?? ''}" at ${page.url.split('?')[0]}`;
}
