import type { MaestranoAnswer } from '../call.js';

const longest = 16_384;
const secretName = /password|secret|token|key|samlresponse|samlrequest|session|voucher|^t$/i;

/** A call as the request inspector shows it: what sounds secret is blanked, long texts are cut. */
export function shownRequest(method: string, target: string, contentType: string, body: Buffer): string {
  const lines = `${method} ${shownTarget(target)}`;
  if (body.length === 0) return lines;
  return cut(`${lines}\n\n${shownBody(contentType, body)}`);
}

export function shownAnswer({ headers = {}, body = '' }: MaestranoAnswer): string {
  const { location } = headers;
  return cut(`${typeof location === 'string' ? `location: ${shownTarget(location)}\n` : ''}${body}`);
}

function shownTarget(target: string): string {
  const mark = target.indexOf('?');
  return mark === -1 ? target : `${target.slice(0, mark)}?${maskedForm(target.slice(mark + 1))}`;
}

function shownBody(contentType: string, body: Buffer): string {
  if (contentType.includes('form-urlencoded')) return maskedForm(body.toString('utf8'));
  // a value that is cut in two is still a value
  const text = body.subarray(0, 2 * longest).toString('utf8');
  // strangers write this text: the pattern looks for no word, so that it is done in one pass
  return text.replace(/("[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"?/g, (whole, name: string) =>
    /password|secret|token/i.test(name) ? `${name}"***"` : whole,
  );
}

function maskedForm(text: string): string {
  const shown: string[] = [];
  for (const [name, value] of new URLSearchParams(text.slice(0, 2 * longest))) {
    shown.push(`${encodeURIComponent(name)}=${secretName.test(name) ? '***' : encodeURIComponent(value)}`);
  }
  return shown.join('&');
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}
