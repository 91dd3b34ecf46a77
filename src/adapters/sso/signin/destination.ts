import type { Client } from '../../../core/identity/index.js';
import type { SignInContext } from './context.js';
import { ownPath } from './exchange.js';

/** Where a sign-in leads: back into an authorization request, to an instance, or nowhere in particular. */
export interface Destination {
  /** A path of ours; '' when none was given. */
  readonly to: string;
  readonly instanceId: string;
  readonly client: Client | undefined;
  /** What the person is about to use, for the page. */
  readonly name: string;
  /** Where an instance's people go after signing in; ''. */
  readonly accessUrl: string;
  /** Origins the form may end at. */
  readonly origins: readonly string[];
}

export async function readDestination(context: SignInContext, fields: URLSearchParams): Promise<Destination> {
  const { publicUrl, lookups } = context.ports;
  const to = ownPath(fields.get('to'), publicUrl) ?? '';
  const clientId = to.startsWith('/oidc/auth?') ? new URL(to, publicUrl).searchParams.get('client_id') : null;
  const hint = fields.get('instance') ?? '';
  const client = clientId === null ? undefined : await lookups.clients.findOne({ clientId });
  const instance = await lookups.instances.find(hint || (client?.instanceId ?? ''));
  const application = await lookups.applications.find(instance?.applicationId ?? client?.applicationId ?? '');
  const accessUrl = instance ? webAddress(instance.accessUrl || (application?.accessUrl ?? '')) : '';
  return {
    to,
    instanceId: instance && hint !== '' ? instance.id : '',
    client,
    name: instance?.name || application?.name || client?.name || '',
    accessUrl: to === '' ? accessUrl : '',
    origins: originsOf([...(client?.redirectUris ?? []), ...(to === '' ? [accessUrl] : [])]),
  };
}

/** The address when a browser may be sent there; '' for anything that is no web address. */
export function webAddress(url: string): string {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : '';
}

export function originsOf(urls: readonly string[]): string[] {
  return urls.filter((url) => webAddress(url) !== '').map((url) => new URL(url).origin);
}
