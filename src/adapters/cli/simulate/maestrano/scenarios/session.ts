import { second } from '../../../../../core/shared/clock.js';
import { expectEqual } from '../../check.js';
import { comesTrue } from '../../wait.js';
import type { MaestranoScenario } from '../context.js';
import { newCompany } from '../people.js';
import { visitor } from '../visit.js';

/** Seconds a sign-in holds before it is re-checked. */
const interval = 2;
/** The hub asks at most every five seconds; more, because the machine may be busy. */
const patience = 20 * second;

/** Spec Maestrano 1.4, session and single logout. */
export const session: MaestranoScenario = {
  about: 'a sign-in holds while the marketplace says so, and signing out here signs out there',
  async run(context) {
    const { app, local, transcript, publicUrl } = context;
    if (typeof app === 'string') return transcript.skip('people click in the application', app);
    const company = newCompany(context, 'se');
    const { marketplace, people } = company;
    const usual = local.control.recheckSeconds;
    local.control.recheckSeconds = interval;
    try {
      const ada = await visitor(context, company, 'ada');
      await ada.launch(`Ada signs on; the marketplace vouches for ${interval} seconds`);
      const rechecks = () =>
        local.calls.filter(({ area, path }) => area === 'recheck' && path.includes(people.ada.uid)).length;
      await transcript.step('she goes on clicking, the marketplace is asked, and she stays in', async () => {
        const asked = await comesTrue(async () => (await ada.isIn()) && rechecks() > 0, patience);
        return {
          operation: 'GET auth/saml/{uid}',
          seen: `asked ${rechecks()} times`,
          differences: [...expectEqual('asked', asked, true), ...expectEqual('signed in', await ada.isIn(), true)],
        };
      });
      await transcript.step('she signs out at the marketplace, which tells nobody', async () => {
        const dashboard = await ada.browser.open(`${local.url}/dashboard/${marketplace.name}`);
        const left = await ada.browser.press(dashboard, `/dashboard/${marketplace.name}/sign-out`);
        return { differences: expectEqual('status', left.status, 200) };
      });
      await ada.isSignedOut('within the re-check her next click is signed out here too', patience);

      const ben = await visitor(context, company, 'ben');
      await ben.launch('Ben signs on');
      await transcript.step(
        'he signs out at the hub: his browser goes on to the marketplace, which signs him out',
        async () => {
          const asked = await ben.browser.open(`${publicUrl}/signin/sign-out`);
          const left = await ben.browser.press(asked, formOf(asked.html));
          const login = [...marketplace.logins.values()].findLast(({ personUid }) => personUid === people.ben.uid);
          return {
            seen: left.way.join(' → '),
            differences: [
              ...expectEqual('passed app_logout', left.way.includes(`${local.url}/app_logout`), true),
              ...expectEqual('signed in at the marketplace', login?.ended === false, false),
            ],
          };
        },
      );
      await ben.isSignedOut('and he is out of the application');
    } finally {
      local.control.recheckSeconds = usual;
    }
  },
};

function formOf(html: string): string {
  return new URL(/<form\b[^>]*action="([^"]*)"/.exec(html)?.[1] ?? '/', 'http://localhost').pathname;
}
