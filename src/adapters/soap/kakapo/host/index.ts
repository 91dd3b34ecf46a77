import type { ChannelServer } from '../../../marketplace.js';
import type { KakapoContext } from '../context.js';
import { createHandle } from '../handle.js';
import { createDocuments } from './documents.js';
import { createFormBindings } from './forms.js';
import { isFromOtherSite, pageOrigin } from './other-site.js';
import { unrecognizedPage } from './pages/unrecognized-page.js';
import { emptyReply, plainReply, respond } from './respond.js';
import { createSoapEndpoint } from './soap.js';

/** The service as an `.asmx` file serves it (spec Kakapo 2.1): which binding or document a request is for. */
export function createHost(context: KakapoContext): ChannelServer['handle'] {
  const handle = createHandle(context);
  const soap = createSoapEndpoint(context, handle);
  const callByForm = createFormBindings(context, soap.description, handle);
  const documentAt = createDocuments(context);
  return async (request, response, info) => {
    const { method } = request;
    const { requestId, address, secure, publicUrl, mount, path } = info;
    if (method !== 'GET' && method !== 'POST') return respond(response, emptyReply(405, { Allow: 'GET, POST' }));
    const mark = path.indexOf('?');
    const below = mark === -1 ? path : path.slice(0, mark);
    if (below === '') {
      if (method === 'POST')
        return soap.handle(request, response, { requestId, address, secure, publicUrl, path: mount });
      const page = pageOrigin(request, publicUrl) + mount;
      return respond(response, documentAt(publicUrl + mount, mark === -1 ? '' : path.slice(mark + 1), page));
    }
    const name = methodNameOf(below);
    const served = name !== '' && (method === 'POST' || context.settings.getBinding);
    if (!served) return respond(response, unrecognizedPage(name));
    if (isFromOtherSite(request, publicUrl)) {
      const text = `Calls from pages of other sites are refused. The page of this service is ${publicUrl}${mount}`;
      return respond(response, { ...plainReply(403, text), cut: method === 'POST' });
    }
    return callByForm(request, response, info, name);
  };
}

/** `/AddGroup` → `AddGroup`. */
function methodNameOf(path: string): string {
  const name = path.slice(1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
