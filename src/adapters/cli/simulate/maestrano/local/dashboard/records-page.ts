import { companyOf, recordsOf, valueAt } from '../connec/records.js';
import type { Answer } from '../http.js';
import { instanceKey, type Purchase } from '../instance.js';
import type { SignedIn } from '../logins.js';
import type { ConnecRecord } from '../model.js';
import type { World } from '../world.js';
import { type Html, html } from './html.js';
import { type Notice, page } from './page.js';
import { backTo, whoIs } from './parts.js';

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
${field('first_name', '', true)}${field('last_name', '')}${field('email', '')}<span><button>Add, and tell the hub</button></span></form></section>
<div class="cards">${records.map((record) => recordCard(key, record))}</div>`,
  });
}

const labels: Readonly<Record<string, string>> = {
  first_name: 'First name',
  last_name: 'Last name',
  email: 'E-mail',
  transaction_number: 'Number',
};

/** What records that are not people are called by, the best first. */
const titles = ['name', 'title', 'transaction_number', 'code', 'description'];

function namesOf({ collection, fields }: ConnecRecord): readonly string[] {
  if (collection === 'people') return ['first_name', 'last_name'];
  return [titles.find((name) => textAt(fields, name) !== '') ?? 'name'];
}

function headingOf(record: ConnecRecord): string {
  const own = namesOf(record).map((name) => textAt(record.fields, name));
  const text = own.filter((part) => part !== '').join(' ');
  if (['people', 'company', 'organizations'].includes(record.collection) && text !== '') return text;
  const kind = record.collection === 'people' ? 'person' : record.collection.replaceAll('_', ' ').replace(/s$/, '');
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${text === '' ? 'without a name' : text}`;
}

function recordCard(key: string, record: ConnecRecord): Html {
  const applications = record.externalIds.map(({ id, provider }) => `${provider}: ${id}`).join(', ');
  return html`<section class="card"><h2>${headingOf(record)}</h2>
<p class="soft small">${record.collection}, changed ${record.updatedAt.replace('T', ' ').slice(0, 19)} UTC</p><p class="soft small"><code>${record.id}</code> ${applications}</p>
<details><summary>All fields</summary><pre>${JSON.stringify(record.fields, null, 2)}</pre></details>
<form class="stack" method="post" action="/groups/${key}/records/${record.id}">
${namesOf(record).map((name) => field(name, textAt(record.fields, name)))}<span><button class="plain">Change, and tell the hub</button></span></form></section>`;
}

function textAt(fields: ConnecRecord['fields'], name: string): string {
  const value = valueAt(fields, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function field(name: string, value: string, required = false): Html {
  const label = labels[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return html`<label>${label}<input name="${name}" value="${value}"${required && html` required`}></label>`;
}
