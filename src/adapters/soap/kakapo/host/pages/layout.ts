import type { Reply } from '../respond.js';
import { serviceName } from '../wsdl.js';
import { escapeHtml } from './html.js';
import { style, styleHash } from './style.js';

/** Where a service is, and how it is called there. */
export interface Place {
  /** Absolute, without query. */
  readonly address: string;
  readonly namespace: string;
  readonly getBinding: boolean;
}

export interface Page {
  readonly title: string;
  /** HTML: whoever makes it has escaped what is not its own. */
  readonly body: string;
  /** Absent on a page that stands alone. */
  readonly place?: Place;
  readonly status?: number;
}

/** A whole page. Nothing on it runs, is framed, sniffed, kept or told to others; its forms go to the service alone. */
export function pageReply({ title, body, place, status = 200 }: Page): Reply {
  const alternate =
    place === undefined ? '' : `<link rel="alternate" type="text/xml" href="${escapeHtml(place.address)}?disco">\n`;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
${alternate}<style>${style}</style>
</head>
<body>
<header><h1>${serviceName}</h1></header>
<main>
${body}
</main>
</body>
</html>
`;
  return { status, contentType: 'text/html; charset=utf-8', body: html, headers: pageHeaders(place) };
}

function pageHeaders(place: Place | undefined): Readonly<Record<string, string>> {
  const targets = place === undefined ? "'none'" : `'self' ${new URL(place.address).origin}`;
  const policy = [
    "default-src 'none'",
    `style-src ${styleHash}`,
    "img-src 'self'",
    `form-action ${targets}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
  };
}

/** On every page but the list. */
export function backToList({ address }: Place): string {
  return `<p>Click <a href="${escapeHtml(address)}">here</a> for a complete list of operations.</p>`;
}
