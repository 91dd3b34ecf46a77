import type { MaestranoAnswer } from '../call.js';

export interface Page {
  readonly status: number;
  readonly title: string;
  /** Plain text; paragraphs. */
  readonly text: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

const style =
  ':root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f4f6f9;color:#1c2733;' +
  'font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}main{box-sizing:border-box;width:min(28rem,calc(100vw - 2rem));' +
  'padding:2rem;background:#fff;border:1px solid #d9e0e8;border-radius:12px}h1{margin:0 0 .75rem;font-size:1.35rem;line-height:1.3}' +
  'p{margin:0 0 .75rem}p:last-child{margin:0;color:#5a6876;font-size:.875rem}' +
  '@media(prefers-color-scheme:dark){body{background:#10161d;color:#e6ebf1}main{background:#182029;border-color:#2b3743}p:last-child{color:#9aa8b6}}';

/** What a person sees who was sent to a place that is not there. Says nothing about anybody, and loads nothing. */
export function page({ status, title, text, headers = {} }: Page): MaestranoAnswer {
  const paragraphs = text.map((one) => `<p>${escapeHtml(one)}</p>`).join('');
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
      'referrer-policy': 'no-referrer',
      ...headers,
    },
    body:
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
      `<title>${escapeHtml(title)}</title><style>${style}</style></head><body><main><h1>${escapeHtml(title)}</h1>${paragraphs}</main></body></html>\n`,
  };
}

export const unknownMarketplacePage = (requestId: string): MaestranoAnswer =>
  page({
    status: 404,
    title: 'This marketplace is not known here',
    text: [
      'The link you followed names a marketplace this service is not connected to. Go back to your dashboard and open the application from there.',
      `If it happens again, tell your support this number: ${requestId}`,
    ],
  });

export const notReadyPage = (requestId: string): MaestranoAnswer =>
  page({
    status: 503,
    title: 'Not ready yet',
    text: [
      'This service is being connected to your marketplace. Try again in a minute.',
      `If it goes on, tell your support this number: ${requestId}`,
    ],
    headers: { 'retry-after': '60' },
  });

export const brokenPage = (requestId: string): MaestranoAnswer =>
  page({
    status: 500,
    title: 'Something went wrong',
    text: [
      'It is our fault, and it has been noted. Try again in a minute.',
      `Your support may ask for this number: ${requestId}`,
    ],
  });

export const busyPage = (requestId: string): MaestranoAnswer =>
  page({
    status: 503,
    title: 'Very busy',
    text: [
      'Many people come at this moment. Try again in a few seconds.',
      `Your support may ask for this number: ${requestId}`,
    ],
    headers: { 'retry-after': '1' },
  });

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
