import type { SignedIn } from '../logins.js';
import type { LocalMarketplace, Person } from '../model.js';
import { type Html, html } from './html.js';

export const fullName = ({ name, surname }: Person): string => `${name} ${surname}`.trim();

/** Who is signed in, and the way out. */
export function whoIs({ name }: LocalMarketplace, { person }: SignedIn): Html {
  return html`<span class="who">${fullName(person)}</span>
<form method="post" action="/dashboard/${encodeURIComponent(name)}/sign-out"><button class="plain" id="sign-out">Sign out</button></form>`;
}

export function backTo({ name }: LocalMarketplace): Html {
  return html`<p><a href="/dashboard/${encodeURIComponent(name)}">Back to the dashboard</a></p>`;
}

export interface Column {
  readonly title: string;
  readonly number?: boolean;
}

/** A table that becomes one block for each row where there is no room; said to be a table there too. */
export function table(id: string, columns: readonly Column[], rows: readonly (readonly (Html | string)[])[]): Html {
  const heads = columns.map(
    ({ title, number }) => html`<th role="columnheader" class="${number === true && 'number'}">${title}</th>`,
  );
  const cell = (content: Html | string, index: number): Html => {
    const { title, number } = columns[index]!;
    return html`<td role="cell" data-title="${title}" class="${number === true && 'number'}"><span>${content}</span></td>`;
  };
  const shown = rows.map((cells) => html`<tr role="row">${cells.map(cell)}</tr>`);
  const none = html`<tr role="row"><td role="cell" colspan="${columns.length}" class="soft">None.</td></tr>`;
  return html`<table role="table"><thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup" id="${id}">${shown.length > 0 ? shown : none}</tbody></table>`;
}
