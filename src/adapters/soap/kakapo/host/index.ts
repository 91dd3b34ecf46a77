import type { ChannelServer } from '../../../marketplace.js';
import type { KakapoContext } from '../context.js';
import { createHandle } from '../handle.js';
import { emptyReply, respond } from './respond.js';
import { createSoapEndpoint } from './soap.js';

/** The service as an `.asmx` file serves it (spec Kakapo 2.1): which binding or document a request is for. */
export function createHost(context: KakapoContext): ChannelServer['handle'] {
  const handle = createHandle(context);
  const soap = createSoapEndpoint(context, handle);
  return async (request, response, { requestId, address, secure, publicUrl, mount, path }) => {
    const info = { requestId, address, secure, publicUrl, path: mount };
    if (path === '' || path.startsWith('?')) return soap.handle(request, response, info);
    respond(response, emptyReply(405, { Allow: 'GET, POST' }));
  };
}
