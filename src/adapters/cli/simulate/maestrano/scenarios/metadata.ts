import { expectEqual } from '../../check.js';
import type { MaestranoScenario } from '../context.js';
import { says } from '../looks.js';

/** Checklist 1.1.1. */
export const metadata: MaestranoScenario = {
  about: 'the marketplace reads how the application is reached, and nobody else does',
  async run(context) {
    const { transcript, local, first, second } = context;
    const { marketplace } = first;
    const { metadata: path } = marketplace.paths;
    const text = await says(context, 'the marketplace asks with its id and key', `GET ${path}`, {}, () =>
      local.hub.metadata(marketplace),
    );
    await transcript.step('the answer has the shape, and no key', async () => {
      const { environment, app, api, sso, webhook } = JSON.parse(text) as Record<string, Record<string, unknown>>;
      return {
        seen: `environment ${String(environment)}, init at ${String(sso?.init_path)}`,
        differences: [
          ...expectEqual('app.host', app?.host, context.publicUrl),
          ...expectEqual('api.id', api?.id, marketplace.api.id),
          ...expectEqual('sso.init_path', sso?.init_path, marketplace.paths.init),
          ...expectEqual('sso.consume_path', sso?.consume_path, marketplace.paths.consume),
          ...expectEqual('webhook.account', typeof webhook?.account, 'object'),
          ...expectEqual('webhook.connec', typeof webhook?.connec, 'object'),
          ...expectEqual('the key in it', text.includes(marketplace.api.key), false),
        ],
      };
    });
    const stranger = { ...marketplace, api: { ...marketplace.api, key: 'wrong' } };
    const refused = { status: 401, text: /"error"\s*:\s*"Invalid credentials"/ };
    await says(context, 'a wrong key is refused', `GET ${path}`, {}, () => local.hub.metadata(stranger), refused);
    const other = { ...marketplace, api: second.marketplace.api };
    await says(
      context,
      'so are the id and key of another marketplace',
      `GET ${path}`,
      {},
      () => local.hub.metadata(other),
      refused,
    );
  },
};
