import type { MaestranoAnswer } from '../call.js';
import { cut, enoughToShow, shownForm, shownJson } from '../shown-text.js';

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
  return mark === -1 ? target : `${target.slice(0, mark)}?${shownForm(target.slice(mark + 1))}`;
}

function shownBody(contentType: string, body: Buffer): string {
  const text = body.subarray(0, enoughToShow).toString('utf8');
  return contentType.includes('form-urlencoded') ? shownForm(text) : shownJson(text);
}
