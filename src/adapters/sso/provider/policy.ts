import type { IncomingMessage } from 'node:http';
import type { Interaction, KoaContextWithOIDC } from 'oidc-provider';
import { completeLogin } from '../../../core/identity/index.js';
import type { SignedIn } from '../hub-session.js';
import type { Runner } from '../person-unit.js';
import { interactionPolicy } from './openid-library.js';

export type SignedInOf = (request: IncomingMessage) => SignedIn | undefined;

/**
 * When the provider must ask somebody something. The hub's own session decides who is signed in (it is put under the provider's
 * before the request, see `provider.ts`), so there is a login prompt, none for consent (all clients are ours), and a last one
 * that judges whether the person may use this application and remembers the sign-in when so.
 */
export function createPolicy(runner: Runner, signedInOf: SignedInOf): InstanceType<typeof interactionPolicy.Prompt>[] {
  const { Prompt, Check, base } = interactionPolicy;
  const login = base().get('login');
  if (!login) throw new Error('oidc-provider has no login prompt');

  const consent = new Prompt({ name: 'consent', requestable: true });
  consent.checks.remove('consent_prompt');

  const entitled = new Prompt(
    { name: 'entitlement', requestable: false },
    new Check('not_entitled', 'this person may not use the application', 'access_denied', async (ctx) => {
      const signedIn = signedInOf(ctx.req);
      const { client, session } = ctx.oidc;
      if (!signedIn || !client || !session) return true;
      const completed = await runner.asPerson(signedIn.user.id, 'sso.completeLogin', async (tx) => {
        const row = await tx.clients.findOne({ clientId: client.clientId });
        return row && completeLogin(tx, { sessionId: signedIn.session.id, client: row });
      });
      if (!completed?.allowed) return true;
      session.sidFor(client.clientId, completed.sid);
      return false;
    }),
  );
  return [login, consent, entitled];
}

/** Where the browser goes when the provider must ask: a page of ours that leads back to the same request. */
export function interactionUrl(ctx: KoaContextWithOIDC, interaction: Interaction): string {
  const request = new URLSearchParams();
  for (const [name, value] of Object.entries(interaction.params)) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) request.append(name, String(one));
  }
  const prompts = (request.get('prompt') ?? '').split(' ').filter((prompt) => prompt !== '' && prompt !== 'login');
  request.delete('prompt');
  if (prompts.length > 0) request.set('prompt', prompts.join(' '));

  const page = new URLSearchParams({ to: `/oidc/auth?${request}` });
  if (interaction.prompt.name === 'entitlement') return `/signin/not-entitled?${page}`;
  const person = ctx.oidc.session?.accountId;
  if (person !== undefined) page.set('again', '1');
  return `/signin?${page}`;
}
