import { type Answer, type Call, type Route, redirect } from '../http.js';
import type { HubAnswer } from '../hub-client.js';
import { launchUrl, type Purchase, purchaseOf } from '../instance.js';
import { clearCookie, openLogin, type SignedIn, signedIn } from '../logins.js';
import type { Fields, LocalMarketplace } from '../model.js';
import type { World } from '../world.js';
import { billsPage } from './bills-page.js';
import { html } from './html.js';
import { type Notice, page } from './page.js';
import { dashboardPage, signInPage, startPage } from './pages.js';
import { recordsPage } from './records-page.js';

export function dashboardRoutes(world: World): readonly Route[] {
  const at = (purchase: Purchase) => `/dashboard/${encodeURIComponent(purchase.marketplace.name)}`;
  const inside = (
    method: string,
    path: string,
    work: (purchase: Purchase, who: SignedIn, call: Call) => Answer | Promise<Answer>,
  ): Route => ({
    method,
    path: `/groups/:instance${path}`,
    handle(call) {
      const purchase = purchaseOf(world, call.parameters.instance ?? '');
      if (purchase === undefined) return notFoundPage();
      const who = signedIn(purchase.marketplace, call.headers);
      return who === undefined ? redirect(at(purchase)) : work(purchase, who, call);
    },
  });

  return [
    { method: 'GET', path: '/', handle: ({ query }) => startPage(world, noticeIn(query)) },
    { method: 'GET', path: '/dashboard/:marketplace', handle: (call) => dashboard(world, call) },
    { method: 'POST', path: '/dashboard/:marketplace/sign-in', handle: (call) => signIn(world, call) },
    { method: 'POST', path: '/dashboard/:marketplace/sign-out', handle: (call) => signOut(world, call) },
    {
      method: 'GET',
      path: '/launch/:instance',
      handle({ parameters }) {
        const purchase = purchaseOf(world, parameters.instance ?? '');
        return purchase === undefined ? notFoundPage() : redirect(launchUrl(purchase));
      },
    },
    inside('GET', '/bills', (purchase, who) => billsPage(purchase, who)),
    inside('GET', '/records', (purchase, who, { query }) => recordsPage(world, purchase, who, noticeIn(query))),
    inside('POST', '/records', (purchase, _, { url, body }) => {
      const { first_name = '', last_name, email } = formOf(body);
      if (first_name.trim() === '') return told(url.pathname, 'nameless', 200);
      world.desk.addRecord(purchase, 'people', { first_name, last_name, email: { address: email } });
      return told(url.pathname, 'told', 200);
    }),
    inside('POST', '/records/:id', (purchase, _, { url, body, parameters }) => {
      const record = purchase.marketplace.connec.get(purchase.group.uid)?.get(parameters.id ?? '');
      if (record === undefined) return notFoundPage();
      world.desk.changeRecord(purchase, record, formOf(body) as Fields);
      return told(url.pathname.replace(/\/[^/]+$/, ''), 'told', 200);
    }),
    inside('POST', '/cancel', async (purchase) => {
      return told(at(purchase), 'group', await statusOf(world.desk.cancelGroup(purchase)));
    }),
    inside('POST', '/buy', (purchase) => {
      world.desk.buyAgain(purchase);
      return told(at(purchase), 'bought', 200);
    }),
    inside('POST', '/people/:uid/cancel', async (purchase, _, { parameters }) => {
      return told(at(purchase), 'person', await statusOf(world.desk.cancelMember(purchase, parameters.uid ?? '')));
    }),
  ];
}

function dashboard(world: World, { parameters, headers, query }: Call): Answer {
  const marketplace = world.marketplaces.get(parameters.marketplace ?? '');
  if (marketplace === undefined) return notFoundPage();
  const who = signedIn(marketplace, headers);
  if (who === undefined) return signInPage(marketplace, ownPath(query.get('return') ?? ''));
  return dashboardPage(world, marketplace, who, noticeIn(query));
}

function signIn({ marketplaces }: World, { parameters, body }: Call): Answer {
  const marketplace = marketplaces.get(parameters.marketplace ?? '');
  const { person = '', return: back = '' } = formOf(body);
  if (marketplace?.people.has(person) !== true) return notFoundPage();
  return redirect(ownPath(back) || home(marketplace), [openLogin(marketplace, person)]);
}

function signOut({ marketplaces }: World, { parameters, headers }: Call): Answer {
  const marketplace = marketplaces.get(parameters.marketplace ?? '');
  if (marketplace === undefined) return notFoundPage();
  const who = signedIn(marketplace, headers);
  if (who !== undefined) who.login.ended = true;
  return redirect('/?notice=out', [clearCookie(marketplace)]);
}

const home = ({ name }: LocalMarketplace): string => `/dashboard/${encodeURIComponent(name)}`;

/** Only a path here: whoever made the link must not choose another place. */
function ownPath(text: string): string {
  return /^\/(?![/\\])/.test(text) && !/[\r\n]/.test(text) ? text : '';
}

function formOf(body: string): Readonly<Record<string, string>> {
  return Object.assign(Object.create(null), Object.fromEntries(new URLSearchParams(body)));
}

/** 0 = the hub could not be reached. */
const statusOf = (answer: Promise<HubAnswer>): Promise<number> =>
  answer.then(
    ({ status }) => status,
    () => 0,
  );

function told(path: string, what: string, status: number): Answer {
  return redirect(`${path}?${new URLSearchParams({ notice: what, status: String(status) })}`);
}

const notices: Readonly<Record<string, string>> = {
  group: 'The service is canceled, and the hub was told',
  person: 'The person is removed, and the hub was told',
  bought: 'The service runs again; the hub opens it at the next launch',
  nameless: 'A person needs a first name; nothing was added',
  told: 'Saved; the hub is being told',
  out: 'You are signed out',
};

function noticeIn(query: URLSearchParams): Notice | undefined {
  const text = query.has('signed_out') ? notices.out : notices[query.get('notice') ?? ''];
  if (text === undefined) return undefined;
  if (text === notices.nameless) return { text: `${text}.`, bad: true };
  const status = Number(query.get('status') ?? 200);
  if (status === 200) return { text: `${text}.`, bad: false };
  return { text: `${text}, but it answered ${status === 0 ? 'nothing' : status}.`, bad: true };
}

export function notFoundPage(): Answer {
  return page({ title: 'There is nothing here', body: html`<p><a href="/">All marketplaces</a></p>`, status: 404 });
}
