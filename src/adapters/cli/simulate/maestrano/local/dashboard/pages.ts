import type { Instant } from '../../../../../../core/shared/clock.js';
import type { Answer } from '../http.js';
import { instanceKey } from '../instance.js';
import type { SignedIn } from '../logins.js';
import type { Group, LocalMarketplace } from '../model.js';
import type { World } from '../world.js';
import { channelYaml } from './connect.js';
import { type Html, html } from './html.js';
import { type Notice, page } from './page.js';
import { fullName, whoIs } from './parts.js';

export function startPage(world: World, notice: Notice | undefined): Answer {
  const cards = [...world.marketplaces.values()].map(
    ({ name, title, groups, hubUrl, api }) => html`<section class="card"><h2>${title}</h2>
<p class="soft small">${groups.size} ${groups.size === 1 ? 'company' : 'companies'}; the hub is at ${hubUrl}, and its id here is <code>${api.id}</code>.</p>
<p class="row"><a class="button" href="/dashboard/${encodeURIComponent(name)}">Open the dashboard</a></p></section>`,
  );
  const unconnected = [...world.marketplaces.values()].map((one) => {
    const yaml = channelYaml(world, one);
    return (
      yaml !== '' &&
      html`<section class="card wide"><h2>Connect a channel of your own</h2>
<p class="soft small">No channel is connected to ${one.title} yet. Save this as a file and run <code>npx mercator apply FILE</code>, then <code>npx mercator channel discover ${one.name}</code>. The secret is new in every run.</p>
<pre class="file" tabindex="0" role="region" aria-label="Seed file">${yaml}</pre></section>`
    );
  });
  return page({
    title: 'Marketplaces',
    notice,
    body: html`<p class="soft">A stand-in for tests and demos: nothing here is a real marketplace, and all of it is forgotten when it ends.</p>
<div class="cards">${cards}</div>${unconnected}`,
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
<p class="soft small">${groupsOf(person.uid) || 'in no company any more'}</p>
<form method="post" action="/dashboard/${encodeURIComponent(name)}/sign-in" id="sign-in-${person.uid}">
<input type="hidden" name="person" value="${person.uid}"><input type="hidden" name="return" value="${back}">
<p class="row"><button>Sign in as ${person.name}</button></p></form></section>`,
  );
  return page({
    title: `Sign in to ${title}`,
    body: html`<p class="soft">Who are you?</p><div class="cards">${cards}</div>`,
  });
}

export function dashboardPage(
  { clock }: World,
  marketplace: LocalMarketplace,
  who: SignedIn,
  notice: Notice | undefined,
): Answer {
  const now = clock.now();
  const mine = [...marketplace.groups.values()].filter(({ members }) => members.has(who.person.uid));
  const cards = mine.map((group) => groupCard(marketplace, group, who, now));
  return page({
    title: `${marketplace.title}: your applications`,
    who: whoIs(marketplace, who),
    notice,
    body:
      mine.length === 0
        ? html`<p class="soft">You are in no company any more.</p>`
        : html`<p class="soft">Launch the application, and watch what the hub makes of a cancellation.</p><div class="cards">${cards}</div>`,
  });
}

function groupCard(marketplace: LocalMarketplace, group: Group, { person: viewer }: SignedIn, now: Instant): Html {
  const key = encodeURIComponent(instanceKey(marketplace, group));
  const runs = group.status === 'running';
  const members = [...group.members].map(([uid, role]) => {
    const person = marketplace.people.get(uid);
    return html`<li><span>${person === undefined ? uid : fullName(person)} <span class="soft small">${role}${uid === viewer.uid ? ', you' : ''}</span></span>
${runs && html`<form method="post" action="/groups/${key}/people/${encodeURIComponent(uid)}/cancel"><button class="warn" id="remove-${group.uid}-${uid}">Remove</button></form>`}</li>`;
  });
  return html`<section class="card" id="${group.uid}"><div class="head"><h2>${group.name}</h2>
<span class="tag ${runs ? '' : 'off'}">${runs ? 'running' : 'canceled'}</span></div>
<p class="soft small"><code>${group.uid}</code>, ${group.freeTrialEndAt > now ? 'free until' : 'trial ended'} <span class="date">${group.freeTrialEndAt.slice(0, 10)}</span></p>
<p class="row">${runs && html`<a class="button" href="/launch/${key}" id="launch-${group.uid}">Launch</a> `}<a class="button plain" href="/groups/${key}/bills">Bills</a>
<a class="button plain" href="/groups/${key}/records">Shared data</a></p>
<h3>People</h3><ul class="people">${members}</ul>
<form class="row" method="post" action="/groups/${key}/${runs ? 'cancel' : 'buy'}">${runs ? html`<button class="warn">Cancel the service</button>` : html`<button>Buy again</button>`}</form></section>`;
}
