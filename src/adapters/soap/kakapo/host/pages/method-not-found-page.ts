import { echoed } from '../form-problem.js';
import type { Reply } from '../respond.js';
import { serviceName } from '../wsdl.js';
import { escapeHtml } from './html.js';
import { backToList, type Place, pageReply } from './layout.js';

export function methodNotFoundPage(place: Place, name: string): Reply {
  const body = `${backToList(place)}
<h2>Method Not Found</h2>
<p>Method '${escapeHtml(echoed(name))}' was not found in service ${serviceName}.</p>`;
  return pageReply({ title: `${serviceName} Web Service`, body, place });
}
