import { echoed } from '../form-problem.js';
import type { Reply } from '../respond.js';
import { escapeHtml } from './html.js';
import { pageReply } from './layout.js';

/** What a binding that is switched off answers. */
export function unrecognizedPage(name: string): Reply {
  const message = `Request format is unrecognized for URL unexpectedly ending in '/${echoed(name)}'.`;
  const body = `<h2>Server Error</h2>\n<p>${escapeHtml(message)}</p>`;
  return pageReply({ title: message, body, status: 500 });
}
