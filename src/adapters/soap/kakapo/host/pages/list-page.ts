import type { OperationContract } from '../../contract/index.js';
import type { Reply } from '../respond.js';
import { serviceName } from '../wsdl.js';
import { escapeHtml } from './html.js';
import { type Place, pageReply } from './layout.js';

/** Every operation, by name. */
export function listPage(place: Place, operations: readonly OperationContract[]): Reply {
  const address = escapeHtml(place.address);
  const items = operations
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(
      ({ name, description }) =>
        `<li><a href="${address}?op=${name}">${name}</a>\n<p>${escapeHtml(description)}</p></li>`,
    );
  const body = `<p>The following operations are supported.  For a formal definition, please review the <a href="${address}?WSDL">Service Description</a>.</p>
<ul>
${items.join('\n')}
</ul>`;
  return pageReply({ title: `${serviceName} Web Service`, body, place });
}
