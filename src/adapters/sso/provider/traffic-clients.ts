import type { IncomingMessage } from 'node:http';
import type { AdapterPayload } from 'oidc-provider';
import {
  type AuthenticateTraffic,
  parseTrafficClientId,
  type TrafficName,
  trafficClientIdOf,
} from '../../../core/provisioning/index.js';
import { isDomainError } from '../../../core/shared/errors.js';
import { formDecoded, readBasic, writeBasic } from '../../../platform/basic-credentials.js';
import type { SsoPorts } from '../ports.js';
import { sourceOf } from '../signin/source.js';
import { errors, Provider } from './openid-library.js';

/** What an instance's token is good for: traffic, and nothing of the hub. */
export const trafficScope = 'traffic';

type Proven = NonNullable<Awaited<ReturnType<AuthenticateTraffic>>>;

/** One request to the token endpoint. */
interface Visit {
  readonly source: string;
  /** As it was sent, where the library would not take it. */
  readonly password?: string;
  asked?: { readonly clientId: string; readonly name: TrafficName };
  proven?: Proven & { readonly name: TrafficName };
}

/** Application instances as OAuth clients, at the token endpoint only: elsewhere nobody counts wrong passwords. */
export interface TrafficClients {
  /** At the door of the token endpoint, while the request still says where it comes from. */
  arrive(request: IncomingMessage): void;
  /** Any name of the right form is a client: whether an instance is called that, only its secret tells. */
  find(clientId: string): AdapterPayload | undefined;
  /** Undefined for clients that are none of these. */
  compareSecret(clientId: string, secret: string): Promise<boolean> | undefined;
  /** The instance whose password this request has shown. */
  provenBy(request: IncomingMessage): Visit['proven'];
}

export function createTrafficClients(ports: Pick<SsoPorts, 'authenticateTraffic' | 'addressOf'>): TrafficClients {
  const visits = new WeakMap<IncomingMessage, Visit>();

  const visitNow = (): Visit | undefined => {
    const request = Provider.ctx?.req;
    return request && visits.get(request);
  };

  async function prove(visit: Visit, name: TrafficName, secret: string): Promise<boolean> {
    const password = visit.password ?? secret;
    const proven = await ports.authenticateTraffic({ name, password, source: visit.source }).catch(refusal);
    if (proven !== undefined) visit.proven = { ...proven, name };
    return proven !== undefined;
  }

  return {
    arrive(request) {
      const source = sourceOf(ports.addressOf(request));
      const password = writeForLibrary(request);
      visits.set(request, { source, ...(password !== undefined && { password }) });
    },
    find(clientId) {
      const visit = visitNow();
      const name = visit && parseTrafficClientId(clientId);
      if (name === undefined) return undefined;
      visit!.asked = { clientId: trafficClientIdOf(name), name };
      return metadata(visit!.asked.clientId);
    },
    compareSecret(clientId, secret) {
      const visit = visitNow();
      if (visit?.asked?.clientId !== clientId) return undefined;
      return prove(visit, visit.asked.name, secret);
    },
    provenBy: (request) => visits.get(request)?.proven,
  };
}

const outsideVisibleAscii = /[^\x20-\x7e]/;

/**
 * Many programs put id and password into the header as they are, where OAuth has them form-encoded. An id with a slash in it was
 * not encoded: both are written anew as the library reads them. Returns the password when it has characters the library refuses.
 */
function writeForLibrary(request: IncomingMessage): string | undefined {
  const sent = readBasic(request.headers.authorization);
  const read = sent?.username.includes('/') ? sent : sent && formDecoded(sent);
  const name = read && parseTrafficClientId(read.username);
  if (read === undefined || name === undefined) return undefined;
  const visible = !outsideVisibleAscii.test(read.password);
  const id = outsideVisibleAscii.test(read.username) ? trafficClientIdOf(name) : read.username;
  request.headers.authorization = writeBasic({
    username: encodeURIComponent(id),
    password: visible ? encodeURIComponent(read.password) : 'sent-otherwise',
  });
  return visible ? undefined : read.password;
}

function metadata(clientId: string): AdapterPayload {
  return {
    client_id: clientId,
    client_secret: 'kept-elsewhere',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    scope: trafficScope,
  };
}

/** What is neither right nor wrong, in the library's words. */
function refusal(error: unknown): never {
  if (!isDomainError(error, 'throttled', 'busy')) throw error;
  const refused = new errors.CustomOIDCProviderError('temporarily_unavailable', error.message, { cause: error });
  refused.status = error.code === 'throttled' ? 429 : 503;
  refused.statusCode = refused.status;
  Provider.ctx?.set('retry-after', String(error.params.retryAfterSeconds ?? 1));
  throw refused;
}
