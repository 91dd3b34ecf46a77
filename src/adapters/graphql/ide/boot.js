/* Runs in the browser: starts GraphiQL with a fetcher that sends the pasted token and reads event streams. */
(() => {
  const { React, ReactDOM, GraphiQL } = window;
  const endpoint = window.location.pathname;
  const token = document.getElementById('token');
  const status = document.getElementById('status');

  token.addEventListener('input', () => {
    status.textContent = token.value.trim() === '' ? 'anonymous' : 'with token';
  });
  // The schema is for callers with a token: it is asked for again once there is one.
  token.addEventListener('change', () => {
    document.querySelector('[aria-label="Re-fetch GraphQL schema"]')?.click();
  });

  const firstQuery = `# A token first, of a client with hub.read
# (-u 'id:secret', as in the seed file):
#
#   curl -u 'backoffice:...' \\
#     -d grant_type=client_credentials \\
#     ${window.location.origin}/oidc/token
#
# Paste its access_token above, press Tab,
# then Ctrl-Enter here.

query {
  tenants(first: 5) {
    nodes { id name kind }
  }
  journal(
    first: 5
    orderBy: { field: at, direction: DESC }
  ) {
    nodes { at actorName command objectKind }
  }
}
`;

  function isSubscription(documentAST, operationName) {
    const operations = (documentAST?.definitions ?? []).filter((node) => node.kind === 'OperationDefinition');
    const chosen = operations.find((node) => !operationName || node.name?.value === operationName);
    return chosen?.operation === 'subscription';
  }

  async function* readEvents(response, abort) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let buffer = '';
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        buffer += value;
        const events = buffer.split('\n\n');
        buffer = events.pop();
        for (const event of events) {
          const lines = event.split('\n');
          if (lines.includes('event: complete')) return;
          const data = lines.find((line) => line.startsWith('data: '));
          if (data) yield JSON.parse(data.slice(6));
        }
      }
    } finally {
      abort.abort();
    }
  }

  async function send(parameters, accept, given, signal) {
    const headers = { 'content-type': 'application/json', accept, ...given };
    const bearer = token.value.trim();
    if (bearer !== '') headers.authorization = `Bearer ${bearer}`;
    return fetch(endpoint, { method: 'POST', headers, credentials: 'omit', body: JSON.stringify(parameters), signal });
  }

  async function* subscribe(parameters, given) {
    const abort = new AbortController();
    const response = await send(parameters, 'text/event-stream, application/json', given, abort.signal);
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) yield await response.json();
    else yield* readEvents(response, abort);
  }

  function fetcher(parameters, options = {}) {
    if (isSubscription(options.documentAST, parameters.operationName)) return subscribe(parameters, options.headers);
    return send(parameters, 'application/json', options.headers).then((response) => response.json());
  }

  const root = ReactDOM.createRoot(document.getElementById('graphiql'));
  root.render(
    React.createElement(GraphiQL, {
      fetcher,
      shouldPersistHeaders: false,
      defaultQuery: firstQuery,
    }),
  );
})();
