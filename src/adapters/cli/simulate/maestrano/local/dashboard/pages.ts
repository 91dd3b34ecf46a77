import { shownBill, shownRecurringBill } from '../account/shown.js';
import { companyOf, recordsOf, valueAt } from '../connec/records.js';
import type { Answer } from '../http.js';
import { instanceKey, type Purchase } from '../instance.js';
import type { SignedIn } from '../logins.js';
import type { ConnecRecord, Group, LocalMarketplace, Person } from '../model.js';
import type { World } from '../world.js';
import { type Html, html } from './html.js';
import { type Notice, page } from './page.js';

const fullName = ({ name, surname }: Person): string => `${name} ${surname}`.trim();

export function startPage(world: World, notice: Notice | undefined): Answer {
  const cards = [...world.marketplaces.values()].map(
    ({ name, title, groups, hubUrl, api }) => html`<section class="card"><h2>${title}</h2>
<p class="soft small">${groups.size} businesses; the hub is at ${hubUrl}, which it knows as <code>${api.id}</code>.</p>
<p class="row"><a class="button" href="/dashboard/${encodeURIComponent(name)}">Open the dashboard</a></p></section>`,
  );
  return page({
    title: 'Marketplaces',
    notice,
    body: html`<p class="soft">A stand-in for tests and demos: nothing here is a real marketplace, and all of it is forgotten when it ends.</p>
<div class="cards">${cards}</div>`,
  });
}

/** Nobody is signed in: one click is enough. */
export function signInPage({ name, title, people, groups }: LocalMarketplace, back: string): Answer {
  const groupsOf = (uid: string): string =>
    [...groups.values()]
      .filter(({ members }) => members.has(uid))
      .map((group) => `${group.name} (${group.members.get(uid)})`)
      .join(', ');
  const cards = [...people.values()].map(
    (person) => html`<section class="card"><h2>${fullName(person)}</h2><p class="soft small">${person.email}</p>
<p class="soft small">${groupsOf(person.uid) || 'in no business any more'}</p>
<form method="post" action="/dashboard/${encodeURIComponent(name)}/sign-in" id="sign-in-${person.uid}">
<input type="hidden" name="person" value="${person.uid}"><input type="hidden" name="return" value="${back}">
<p class="row"><button>Sign in as ${person.name}</button></p></form></section>`,
  );
  return page({
    title: `Sign in to ${title}`,
    body: html`<p class="soft">Who are you?</p><div class="cards">${cards}</div>`,
  });
}

export function dashboardPage(marketplace: LocalMarketplace, who: SignedIn, notice: Notice | undefined): Answer {
  const mine = [...marketplace.groups.values()].filter(({ members }) => members.has(who.person.uid));
  const cards = mine.map((group) => groupCard(marketplace, group, who));
  return page({
    title: `${marketplace.title}: your applications`,
    who: whoIs(marketplace, who),
    notice,
    body:
      mine.length === 0
        ? html`<p class="soft">You are in no business any more.</p>`
        : html`<p class="soft">Launch the application, and watch what the hub makes of a cancellation.</p><div class="cards">${cards}</div>`,
  });
}

export function whoIs({ name }: LocalMarketplace, { person }: SignedIn): Html {
  return html`<span class="who">${fullName(person)}</span>
<form method="post" action="/dashboard/${encodeURIComponent(name)}/sign-out"><button class="plain" id="sign-out">Sign out</button></form>`;
}

function groupCard(marketplace: LocalMarketplace, group: Group, { person: viewer }: SignedIn): Html {
  const key = encodeURIComponent(instanceKey(marketplace, group));
  const runs = group.status === 'running';
  const members = [...group.members].map(([uid, role]) => {
    const person = marketplace.people.get(uid);
    return html`<li><span>${person === undefined ? uid : fullName(person)} <span class="soft small">${role}${uid === viewer.uid ? ', you' : ''}</span></span>
${runs && html`<form method="post" action="/groups/${key}/people/${encodeURIComponent(uid)}/cancel"><button class="warn" id="remove-${uid}">Remove</button></form>`}</li>`;
  });
  return html`<section class="card" id="${group.uid}"><div class="head"><h2>${group.name}</h2>
<span class="tag ${runs ? '' : 'off'}">${runs ? 'running' : 'canceled'}</span></div>
<p class="soft small"><code>${group.uid}</code>, free until <span class="date">${group.freeTrialEndAt.slice(0, 10)}</span></p>
${
  runs &&
  html`<p class="row"><a class="button" href="/launch/${key}" id="launch-${group.uid}">Launch</a>
<a class="button plain" href="/groups/${key}/bills">Bills</a> <a class="button plain" href="/groups/${key}/records">Shared data</a></p>`
}
<h3>People</h3><ul class="people">${members}</ul>
${runs && html`<p class="row"><form method="post" action="/groups/${key}/cancel"><button class="warn">Cancel the service</button></form></p>`}</section>`;
}

export function billsPage({ marketplace, group }: Purchase, who: SignedIn): Answer {
  const mine = <Row extends { readonly groupUid: string }>(rows: Iterable<Row>): Row[] =>
    [...rows].filter(({ groupUid }) => groupUid === group.uid);
  const money = (cents: number, currency: string): string => `${(cents / 100).toFixed(2)} ${currency}`;
  const recurring = mine(marketplace.recurringBills.values())
    .map(shownRecurringBill)
    .map(
      (bill) => html`<tr><td>${bill.description}</td><td class="number">${money(bill.price_cents, bill.currency)}</td>
<td>${bill.period}</td><td class="date">${bill.start_date.slice(0, 10)}</td><td><span class="tag ${bill.status === 'cancelled' ? 'off' : ''}">${bill.status}</span></td></tr>`,
    );
  const once = mine(marketplace.bills.values())
    .map(shownBill)
    .map(
      (bill) => html`<tr><td>${bill.description}</td><td class="number">${money(bill.price_cents, bill.currency)}</td>
<td class="number">${bill.units}</td><td class="date">${bill.created_at.slice(0, 10)}</td><td><span class="tag ${bill.status === 'cancelled' ? 'off' : ''}">${bill.status}</span></td></tr>`,
    );
  const none = (columns: number): Html => html`<tr><td colspan="${columns}" class="soft">None.</td></tr>`;
  return page({
    title: `Bills of ${group.name}`,
    who: whoIs(marketplace, who),
    body: html`${backTo(marketplace)}<section class="card wide table"><h2>Recurring</h2><table><thead><tr><th>What</th><th class="number">Price</th><th>Every</th><th>From</th><th>State</th></tr></thead>
<tbody id="recurring">${recurring.length > 0 ? recurring : none(5)}</tbody></table></section>
<section class="card wide table"><h2>Once</h2><table><thead><tr><th>What</th><th class="number">Price</th><th class="number">Units</th><th>On</th><th>State</th></tr></thead>
<tbody id="once">${once.length > 0 ? once : none(5)}</tbody></table></section>`,
  });
}

export function recordsPage(world: World, purchase: Purchase, who: SignedIn, notice: Notice | undefined): Answer {
  const { marketplace, group } = purchase;
  companyOf(marketplace, group, world.clock.now());
  const key = encodeURIComponent(instanceKey(marketplace, group));
  const records = recordsOf(marketplace, group);
  return page({
    title: `Shared data of ${group.name}`,
    who: whoIs(marketplace, who),
    notice,
    body: html`${backTo(marketplace)}<section class="card wide"><h2>Add a person</h2><form class="stack" method="post" action="/groups/${key}/records">
${field('first_name', 'First name', '')}${field('last_name', 'Last name', '')}${field('email', 'E-mail', '')}<span><button>Add, and tell the hub</button></span></form></section>
<div class="cards">${records.map((record) => recordCard(key, record))}</div>`,
  });
}

const labels: Readonly<Record<string, string>> = { first_name: 'First name', last_name: 'Last name', name: 'Name' };

function recordCard(key: string, record: ConnecRecord): Html {
  const names = record.collection === 'people' ? ['first_name', 'last_name'] : ['name'];
  const shownName = names.map((name) => valueAt(record.fields, name)).filter((part) => part !== undefined);
  const applications = record.externalIds.map(({ id, provider }) => `${provider}: ${id}`).join(', ');
  return html`<section class="card"><h2>${shownName.join(' ') || record.id}</h2>
<p class="soft small">${record.collection}, changed ${record.updatedAt.replace('T', ' ').slice(0, 19)} UTC</p><p class="soft small"><code>${record.id}</code> ${applications}</p>
<details><summary>All fields</summary><pre>${JSON.stringify(record.fields, null, 2)}</pre></details>
<form class="stack" method="post" action="/groups/${key}/records/${record.id}">
${names.map((name) => field(name, labels[name] ?? name, String(valueAt(record.fields, name) ?? '')))}<span><button class="plain">Change, and tell the hub</button></span></form></section>`;
}

function field(name: string, label: string, value: string): Html {
  return html`<label>${label}<input name="${name}" value="${value}"></label>`;
}

function backTo({ name }: LocalMarketplace): Html {
  return html`<p><a href="/dashboard/${encodeURIComponent(name)}">Back to the dashboard</a></p>`;
}
