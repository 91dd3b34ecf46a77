import type { AdapterPayload } from 'oidc-provider';
import type { Client } from '../../../core/identity/index.js';

/** Our client as oidc-provider knows one. `client_secret` is what is stored of it; comparing is overridden accordingly. */
export function clientMetadata(client: Client): AdapterPayload {
  const confidential = client.secretHash !== '';
  return {
    client_id: client.clientId,
    client_name: client.name || client.clientId,
    ...(confidential && { client_secret: client.secretHash }),
    token_endpoint_auth_method: confidential ? 'client_secret_basic' : 'none',
    grant_types: [...client.grantTypes],
    response_types: client.grantTypes.includes('authorization_code') ? ['code'] : [],
    response_modes: ['query', 'fragment'], // form_post is a page with a script
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    scope: client.scopes.join(' '),
    require_auth_time: client.scopes.includes('openid'),
    ...(client.backchannelLogoutUri !== '' && {
      backchannel_logout_uri: client.backchannelLogoutUri,
      backchannel_logout_session_required: true,
    }),
  };
}
