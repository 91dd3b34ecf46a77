import { type Browser, createBrowser, type Page, textById } from '../browser.js';
import { HubBusy, patiently } from '../busy.js';
import { expectEqual } from '../check.js';
import { comesTrue } from '../wait.js';
import type { MaestranoContext } from './context.js';
import { instanceKey, type Person } from './local/index.js';
import type { Company, PersonName } from './people.js';

/** A person with their browser, on the way from the marketplace to the application. */
export interface Visitor {
  readonly person: Person;
  /** Launches the application; the page they come to. One step. */
  launch(title: string, expectation?: Expectation): Promise<Page>;
  /** Clicks in the application: whether they are still signed in there. */
  isIn(): Promise<boolean>;
  /** One step: the next click is signed out, at once or within so many milliseconds. */
  isSignedOut(title: string, within?: number): Promise<void>;
  readonly browser: Browser;
}

interface Expectation {
  /** Says what is wrong with the page they came to; without it their name must stand there. */
  readonly check?: (page: Page) => readonly string[];
}

/** Somebody opens a browser and signs in at the marketplace. */
export async function visitor(context: MaestranoContext, company: Company, name: PersonName): Promise<Visitor> {
  const { local, app, transcript } = context;
  const { marketplace, group } = company;
  const person = company.people[name];
  const browser = createBrowser();
  const signInPage = await browser.open(`${local.url}/dashboard/${marketplace.name}`);
  await browser.press(signInPage, `sign-in-${person.uid}`);
  const home = typeof app === 'string' ? undefined : `${app.url}/`;

  async function isIn(): Promise<boolean> {
    if (home === undefined) return false;
    const page = await patiently(async () => answered(await browser.open(home)));
    return textById(page.html, 'person') !== undefined;
  }

  return {
    person,
    browser,
    isIn,
    async launch(title, { check } = {}) {
      let page: Page | undefined;
      await transcript.step(title, async () => {
        const url = `${local.url}/launch/${encodeURIComponent(instanceKey(marketplace, group))}`;
        page = await patiently(() => launchOnce(browser, url));
        const differences = check?.(page) ?? isPerson(page, person, home);
        return {
          operation: 'launch',
          input: { marketplace: marketplace.name, group: group.uid, person: person.uid },
          seen: page.way.join(' → '),
          differences,
        };
      });
      return page!;
    },
    async isSignedOut(title, within = 0) {
      if (home === undefined) return transcript.skip(title, String(app));
      const begun = performance.now();
      await transcript.step(title, async () => {
        const out = await comesTrue(async () => !(await isIn()), within);
        const after = Math.round(performance.now() - begun);
        return { seen: `after ${after} ms`, differences: out ? [] : [`still signed in after ${after} ms`] };
      });
    },
  };
}

/** From the dashboard's link to where the browser stays: the hub, the identity provider, its form, and on. */
async function launchOnce(browser: Browser, url: string): Promise<Page> {
  const asked = answered(await browser.open(url));
  if (!/<form\b[^>]*id="saml"/.test(asked.html)) return asked;
  const page = answered(await browser.press(asked, 'saml'));
  return { ...page, way: [...asked.way, ...page.way] };
}

/** The page, unless the hub or the application that asked it had no time for it. */
function answered(page: Page): Page {
  if (page.status !== 502 && page.status !== 503) return page;
  throw new HubBusy(`${describePage(page)}: the hub is busy`);
}

function isPerson(page: Page, { name, surname }: Person, home: string | undefined): readonly string[] {
  // Without the application the browser ends at an address nobody answers, or at the hub.
  if (home === undefined) return page.status < 400 ? [] : [`status ${page.status} at ${page.url.split('?')[0]}`];
  const shown = textById(page.html, 'person');
  return expectEqual('the name in the application', shown ?? describePage(page), `${name} ${surname}`.trim());
}

export function describePage(page: Page): string {
  return `none: ${page.status} "${/<title>([^<]*)/.exec(page.html)?.[1] ?? ''}" at ${page.url.split('?')[0]}`;
}
