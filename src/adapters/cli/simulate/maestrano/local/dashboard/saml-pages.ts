import type { Answer } from '../http.js';
import { html } from './html.js';
import { page } from './page.js';

/** The form that carries the response to the hub: it sends itself, or waits for a press where no script runs. */
export function responseForm(acsUrl: string, samlResponse: string, groupName: string): Answer {
  return page({
    title: `To the application of ${groupName}`,
    body: html`<p class="soft">You are being signed in. If nothing happens, press the button.</p>
<form method="post" action="${acsUrl}" id="saml"><input type="hidden" name="utf8" value="✓">
<input type="hidden" name="SAMLResponse" value="${samlResponse}"><button name="commit" value="Continue">Continue</button></form>`,
    script: "document.getElementById('saml').submit()",
  });
}

export function wrongRequestPage(reason: string): Answer {
  return page({ title: 'This sign-in cannot be answered', body: html`<p id="problem">${reason}</p>`, status: 400 });
}

/** Where a hub sends people it does not let in. */
export function unauthorizedPage(error: string): Answer {
  return page({
    title: 'You cannot use this application',
    body: html`<p id="problem">The application did not sign you in (<code>${error}</code>).</p>
<p class="row"><a class="button plain" href="/">Back to the dashboard</a></p>`,
    status: 403,
  });
}
