const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const safe = (value) => String(value ?? '').replace(/[&<>"']/g, (character) => escapes[character]);

const style = `body{font:16px/1.55 system-ui,sans-serif;margin:0;background:#f4f1f7;color:#231a2e}
main{max-width:40rem;margin:3rem auto;padding:2rem;background:#fff;border-radius:12px;box-shadow:0 8px 28px rgb(60 30 90/.09)}
h1{margin:0 0 .25rem;font-size:1.5rem}.soft{color:#5d5070}a.button{display:inline-block;margin-top:1.2rem;padding:.6rem 1.2rem;
background:#6b3fa0;color:#fff;border-radius:8px;text-decoration:none;font-weight:600}a:focus-visible{outline:3px solid #b79bdc}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.4rem 1.2rem}dt{color:#5d5070}dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin-top:.5rem}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #e5deee}
.note{padding:.7rem .9rem;border-radius:8px;background:#fdeeee;color:#8f1d1d}`;

const page = (title, body) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)}</title><link rel="icon" href="data:,"><style>${style}</style></head><body><main>${body}</main></body></html>`;

export function homePage(notice) {
  const note = notice ? `<p class="note" role="status" id="notice">${safe(notice)}</p>` : '';
  return page(
    'Orchid CRM',
    `<h1>Orchid CRM</h1><p class="soft">Customers in full bloom.</p>${note}<a class="button" id="login" href="/login">Sign in</a>`,
  );
}

export function personPage(person) {
  const rows = (person.entitlements ?? [])
    .map(
      (e) =>
        `<tr><td>${safe(e.application)}</td><td>${safe(e.plan ?? '–')}</td><td>${safe((e.licenseTypes ?? []).join(', '))}</td></tr>`,
    )
    .join('');
  return page(
    'Orchid CRM',
    `<h1>Hello, <span id="person">${safe(person.name || person.email || person.sub)}</span></h1>
<p class="soft">You are signed in to Orchid CRM.</p>
<dl><dt>E-mail</dt><dd id="email">${safe(person.email)}</dd><dt>Organization</dt><dd id="tenant">${safe(person.tenant?.name)}</dd>
<dt>Roles</dt><dd id="roles">${safe((person.roles ?? []).join(', '))}</dd></dl>
<h2>What you may use</h2><table id="entitlements"><thead><tr><th>Application</th><th>Plan</th><th>License</th></tr></thead><tbody>${rows}</tbody></table>
<a class="button" id="again" href="/">Look again</a> <a class="button" id="logout" href="/logout">Sign out</a>`,
  );
}

export function errorPage(text) {
  return page(
    'Orchid CRM',
    `<h1>Orchid CRM</h1><p class="note" role="alert" id="problem">${safe(text)}</p><a class="button" href="/">Back</a>`,
  );
}
