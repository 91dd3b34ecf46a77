/** docs/errors.md: how kinds appear in each transport (kept here), and every code (from the catalogue). */
const kinds = [
  [
    'invalid',
    'INVALID',
    400,
    'Client',
    'invalid_request',
    'The request cannot be carried out as it is written. Change it.',
  ],
  [
    'unauthenticated',
    'UNAUTHENTICATED',
    401,
    'Client',
    'invalid_client, invalid_grant',
    'Nobody we know, or no longer. Sign in again.',
  ],
  [
    'forbidden',
    'FORBIDDEN',
    403,
    'Client',
    'access_denied',
    'Known, but without the right, or the thing may not be used now.',
  ],
  ['not_found', 'NOT_FOUND', 404, 'Client', 'invalid_request', 'Missing, or not yours: the answer is the same.'],
  [
    'conflict',
    'CONFLICT',
    409,
    'Client',
    'invalid_request',
    'Somebody or something else got there first. Read again, then decide.',
  ],
  [
    'wrong_state',
    'WRONG_STATE',
    409,
    'Client',
    'access_denied',
    'Right in itself, but not while the object is as it is.',
  ],
  ['exhausted', 'EXHAUSTED', 409, 'Client', 'access_denied', 'Nothing left to give. Buy more, or free some.'],
  ['throttled', 'THROTTLED', 429, 'Client', 'temporarily_unavailable', 'Too often. Wait as long as the answer says.'],
  ['unavailable', 'UNAVAILABLE', 503, 'Server', 'temporarily_unavailable', 'Not now, or switched off here. Try later.'],
  [
    'internal',
    'INTERNAL',
    500,
    'Server',
    'server_error',
    'Our fault. The answer has a request id; the log has the rest.',
  ],
];

export function errorsPage(catalogue) {
  const rows = kinds.map(
    ([kind, graphql, http, soap, oauth, meaning]) =>
      `| \`${kind}\` | \`${graphql}\` | ${http} | ${soap} | ${oauth} | ${meaning} |`,
  );
  const codes = Object.entries(catalogue).map(([code, { kind, text }]) => `| \`${code}\` | \`${kind}\` | ${text} |`);
  return `# Errors

There is one catalogue, and a closed set of kinds. Each transport maps a kind once; a protocol overrides single codes in its own
\`faults.ts\` (NEC has result codes in the answer, see \`src/adapters/soap/nec/\`). GraphQL answers carry the kind as \`extensions.code\` and the
code as \`extensions.reason\`, with its parameters. Anything that is not of this catalogue is internal: the caller gets a request id and
no text.

This page is printed by \`npm run docs\`; edit \`src/core/shared/errors.ts\` or \`scripts/errors-page.mjs\`.

## Kinds

SOAP names are those of version 1.1; in 1.2 Client is Sender and Server is Receiver. Every fault is HTTP 500 in SOAP 1.1.

| kind | GraphQL | HTTP | SOAP fault | OAuth | meaning |
|---|---|---|---|---|---|
${rows.join('\n')}

## Codes

\`{name}\` stands for a parameter of the error.

| code | kind | text |
|---|---|---|
${codes.join('\n')}
`;
}
