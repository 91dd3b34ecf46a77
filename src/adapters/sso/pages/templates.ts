/** Eta templates; `<%= %>` escapes. `it.t` translates, `it.lang` is the page's language. */
const brand = `<a class="brand" href="/"><svg viewBox="0 0 28 28" aria-hidden="true"><circle class="disc" cx="14" cy="14" r="14"/><path class="wing" d="M8 19V9.5l6 6.5 6-6.5V19"/></svg><span>Mercator</span></a>`;

/** A new password, typed twice. */
const newPassword = `<div><label for="password"><%= it.t('setPassword.password') %></label><input id="password" name="password" type="password" autocomplete="new-password" required minlength="<%= it.count %>" maxlength="1024" aria-describedby="hint" autofocus<% if (it.problem) { %> aria-invalid="true"<% } %>><p class="hint" id="hint"><%= it.t('setPassword.hint', { count: it.count }) %></p></div>
<div><label for="repeat"><%= it.t('setPassword.repeat') %></label><input id="repeat" name="repeat" type="password" autocomplete="new-password" required maxlength="1024"<% if (it.problem) { %> aria-invalid="true"<% } %>></div>`;

export const templates: Readonly<Record<string, string>> = {
  layout: `<!doctype html>
<html lang="<%= it.lang %>">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title><%= it.title === "Mercator" ? "" : it.title + " · " %>Mercator</title>
<link rel="stylesheet" href="<%= it.stylePath %>">
</head>
<body>
<header>${brand}</header>
<main<% if (it.wide) { %> class="wide"<% } %>><%~ it.body %></main>
<% if (it.languageLinks.length > 0) { %><footer><nav aria-label="Language"><% for (const l of it.languageLinks) { %><a href="<%= l.href %>" lang="<%= l.code %>"<% if (l.code === it.lang) { %> aria-current="true"<% } %>><%= l.name %></a><% } %></nav></footer><% } %>
</body>
</html>`,

  signIn: `<h1><%= it.t('signIn.title') %></h1>
<p class="soft"><%= it.again ? it.t('signIn.again') : it.target ? it.t('signIn.to', { name: it.target }) : it.t('signIn.hub') %></p>
<% if (it.problem) { %><p class="note bad" role="alert" id="problem"><%= it.problem %></p><% } %>
<form method="post" action="/signin/password" class="stack">
<input type="hidden" name="csrf" value="<%= it.csrf %>"><input type="hidden" name="to" value="<%= it.to %>"><input type="hidden" name="instance" value="<%= it.instance %>">
<div><label for="name"><%= it.t('signIn.nameOrLogin') %></label>
<input id="name" name="name" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="254" value="<%= it.name %>"<% if (it.problem) { %> aria-invalid="true" aria-describedby="problem"<% } %><% if (!it.name) { %> autofocus<% } %>></div>
<div><label for="password"><%= it.t('signIn.password') %></label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024"<% if (it.problem) { %> aria-invalid="true" aria-describedby="problem"<% } %><% if (it.name) { %> autofocus<% } %>></div>
<button><%= it.t('signIn.submit') %></button>
</form>
<p class="hint"><a href="/signin/forgot"><%= it.t('signIn.forgot') %></a></p>`,

  signedIn: `<h1><%= it.t('signedIn.title') %></h1>
<p><%= it.t('signedIn.as') %> <span class="who"><%= it.who %></span>.</p><p class="soft"><%= it.t('signedIn.ready') %></p>
<form method="post" action="/signin/sign-out" class="stack"><input type="hidden" name="csrf" value="<%= it.csrf %>"><button class="quiet"><%= it.t('signedIn.out') %></button></form>`,

  signOut: `<h1><%= it.t('signOut.title') %></h1>
<p class="soft"><%= it.t('signOut.text') %></p>
<form method="post" action="/signin/sign-out" class="stack">
<input type="hidden" name="csrf" value="<%= it.csrf %>"><input type="hidden" name="client_id" value="<%= it.clientId %>"><input type="hidden" name="post_logout_redirect_uri" value="<%= it.redirectUri %>"><input type="hidden" name="state" value="<%= it.state %>">
<button><%= it.t('signOut.confirm') %></button><a class="button quiet" href="<%= it.back %>"><%= it.t('signOut.stay') %></a></form>`,

  signedOut: `<h1><%= it.t('signedOut.title') %></h1><p class="soft"><%= it.t('signedOut.text') %></p>
<div class="stack"><a class="button quiet" href="/signin"><%= it.t('signedOut.again') %></a></div>`,

  notEntitled: `<h1><%= it.t('notEntitled.title', { name: it.target || it.t('notEntitled.app') }) %></h1>
<p class="note bad"><%= it.t('notEntitled.' + it.reason) %></p>
<% if (it.who) { %><p class="hint"><%= it.t('notEntitled.as') %> <span class="who"><%= it.who %></span>.</p>
<form method="post" action="/signin/sign-out" class="stack"><input type="hidden" name="csrf" value="<%= it.csrf %>"><input type="hidden" name="to" value="<%= it.to %>"><button class="quiet"><%= it.t('notEntitled.other') %></button></form><% } %>`,

  expired: `<h1><%= it.t('expired.title') %></h1><p class="soft"><%= it.t('expired.text') %></p>`,

  another: `<h1><%= it.t('another.title') %></h1>
<p><%= it.t('another.now') %> <span class="who"><%= it.current %></span>. <%= it.t('another.wanted') %> <span class="who"><%= it.wanted %></span>.</p>
<p class="soft"><%= it.t('another.text') %></p>
<form method="post" action="/sso/ncbs/enter" class="stack"><input type="hidden" name="csrf" value="<%= it.csrf %>"><input type="hidden" name="t" value="<%= it.token %>">
<button name="choice" value="switch"><%= it.t('another.switch', { name: it.wanted }) %></button>
<button name="choice" value="stay" class="quiet"><%= it.t('another.stay', { name: it.current }) %></button></form>`,

  link: `<h1><%= it.t('link.title') %></h1>
<p><%= it.t('link.exists', { marketplace: it.marketplace }) %> <span class="who"><%= it.email %></span><%= it.t('link.known') %></p>
<p class="soft"><%= it.t(it.here ? 'link.here' : 'link.prove', { marketplace: it.marketplace }) %></p>
<% if (it.problem) { %><p class="note bad" role="alert" id="problem"><%= it.problem %></p><% } %>
<form method="post" action="/sso/launch/link" class="stack"><input type="hidden" name="csrf" value="<%= it.csrf %>"><input type="hidden" name="t" value="<%= it.token %>">
<% if (!it.here) { %><input type="text" name="username" autocomplete="username" value="<%= it.email %>" hidden>
<div><label for="password"><%= it.t('link.password') %></label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024"<% if (it.problem) { %> aria-invalid="true" aria-describedby="problem"<% } %> autofocus></div><% } %>
<button><%= it.t(it.here ? 'link.connect' : 'link.submit') %></button><a class="button quiet" href="/signin"><%= it.t('link.cancel') %></a></form>
<% if (!it.here) { %><p class="hint"><a href="/signin/forgot"><%= it.t('signIn.forgot') %></a></p><% } %>`,

  forgot: `<h1><%= it.t('forgot.title') %></h1><p class="soft"><%= it.t('forgot.text') %></p>
<% if (it.problem) { %><p class="note bad" role="alert"><%= it.problem %></p><% } %>
<form method="post" action="/signin/forgot" class="stack"><input type="hidden" name="csrf" value="<%= it.csrf %>">
<div><label for="name"><%= it.t('signIn.name') %></label><input id="name" name="name" type="email" autocomplete="username" required maxlength="254" autofocus></div>
<button><%= it.t('forgot.submit') %></button></form><p class="hint"><a href="/signin"><%= it.t('forgot.back') %></a></p>`,

  linkSent: `<h1><%= it.t('forgot.sentTitle') %></h1><p class="soft"><%= it.t('forgot.sent', { hours: it.hours }) %></p>
<div class="stack"><a class="button quiet" href="/signin"><%= it.t('forgot.back') %></a></div>`,

  setPassword: `<h1><%= it.t('setPassword.title') %></h1><% if (it.who) { %><p class="soft"><%= it.t('setPassword.text', { name: it.who }) %></p><% } %>
<% if (it.problem) { %><p class="note bad" role="alert" id="problem"><%= it.problem %></p><% } %>
<form method="post" action="/signin/set-password" class="stack"><input type="hidden" name="csrf" value="<%= it.csrf %>"><input type="hidden" name="t" value="<%= it.token %>"><input type="text" name="username" autocomplete="username" value="<%= it.email %>" hidden>
${newPassword}
<button><%= it.t('setPassword.submit') %></button></form>`,

  changePassword: `<h1><%= it.t('changePassword.title') %></h1><p class="soft"><%= it.t('changePassword.text') %></p>
<% if (it.problem) { %><p class="note bad" role="alert" id="problem"><%= it.problem %></p><% } %>
<form method="post" action="/signin/change-password" class="stack"><input type="hidden" name="csrf" value="<%= it.csrf %>"><input type="hidden" name="ticket" value="<%= it.ticket %>"><input type="hidden" name="to" value="<%= it.to %>"><input type="hidden" name="instance" value="<%= it.instance %>">
${newPassword}
<button><%= it.t('changePassword.submit') %></button></form>`,

  passwordSet: `<h1><%= it.t('setPassword.doneTitle') %></h1><p class="note good"><%= it.t('setPassword.done') %></p>
<div class="stack"><a class="button" href="/signin"><%= it.t('signIn.title') %></a></div>`,

  linkInvalid: `<h1><%= it.t('setPassword.invalidTitle') %></h1><p class="soft"><%= it.t('setPassword.invalid') %></p>
<div class="stack"><a class="button quiet" href="/signin/forgot"><%= it.t('forgot.title') %></a></div>`,

  error: `<h1><%= it.t('error.title') %></h1><p class="soft"><%= it.internal ? it.t('error.internal') : it.t('error.text') %></p>
<% if (it.code) { %><p class="hint"><%= it.t('error.code') %>: <code><%= it.code %></code></p><% } %>`,
};
