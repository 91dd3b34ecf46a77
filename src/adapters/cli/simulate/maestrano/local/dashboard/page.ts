import { createHash } from 'node:crypto';
import type { Answer } from '../http.js';
import { type Html, html } from './html.js';
import { style } from './style.js';

export interface PageContent {
  readonly title: string;
  readonly body: Html;
  /** Beside the name, at the right. */
  readonly who?: Html;
  readonly notice?: Notice | undefined;
  /** The one script a page may run; it works without. */
  readonly script?: string;
  readonly status?: number;
}

export interface Notice {
  readonly text: string;
  readonly bad: boolean;
}

export function page({ title, body, who, notice, script = '', status = 200 }: PageContent): Answer {
  const shownNotice =
    notice && html`<p class="notice ${notice.bad ? 'bad' : ''}" role="status" id="notice">${notice.text}</p>`;
  const { markup } = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – local Maestrano</title><link rel="icon" href="data:,"><style>${trusted(style)}</style></head>
<body><header><a href="/">Maestrano, played locally</a>${who}</header>
<main>${shownNotice}<h1>${title}</h1>${body}</main>${script !== '' && trusted(`<script>${script}</script>`)}</body></html>
`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'x-content-type-options': 'nosniff',
      'content-security-policy': policy(script),
    },
    body: markup,
  };
}

function policy(script: string): string {
  const hash = createHash('sha256').update(script, 'utf8').digest('base64');
  const scripts = script === '' ? '' : ` script-src 'sha256-${hash}';`;
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline';${scripts} base-uri 'none'; frame-ancestors 'none'`;
}

function trusted(markup: string): Html {
  return { markup };
}
