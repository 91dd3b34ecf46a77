/** Tokens by hand: the address' throttle, the client's row, one ES256 signature of node:crypto. */
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';

const throttleText =
  'SELECT failures, window_ends_at AS windowEndsAt, blocked_until AS blockedUntil FROM throttles WHERE key_hash = ?';

const clientText =
  'SELECT t.`id` AS `id`, t.`version` AS `version`, t.`created_at` AS `createdAt`, t.`client_id` AS `clientId`, ' +
  't.`name` AS `name`, t.`secret_hash` AS `secretHash`, t.`application_id` AS `applicationId`, ' +
  't.`instance_id` AS `instanceId`, t.`tenant_id` AS `tenantId`, t.`level` AS `level`, t.`grant_types` AS `grantTypes`, ' +
  't.`scopes` AS `scopes`, t.`redirect_uris` AS `redirectUris`, ' +
  't.`post_logout_redirect_uris` AS `postLogoutRedirectUris`, t.`backchannel_logout_uri` AS `backchannelLogoutUri`, ' +
  't.`disabled_at` AS `disabledAt` FROM `clients` t WHERE t.`client_id` = ? ORDER BY t.id LIMIT ?';

const throttleKey = createHash('sha256').update('token/source/127.0.0.1', 'utf8').digest('base64url');
const json = 'application/json; charset=utf-8';
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Answers POST /oidc/token for client_credentials. */
export function createTokenIssuer(sql, world) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const head = encode({ alg: 'ES256', typ: 'at+jwt', kid: 'ceiling' });
  return async (request, body) => {
    const [clientId, secret] = Buffer.from(request.headers.authorization.slice('Basic '.length), 'base64')
      .toString()
      .split(':');
    const [throttle] = await sql.all(throttleText, [throttleKey]);
    const [client] = await sql.all(clientText, [clientId, '1']);
    const known = createHash('sha256').update(secret).digest('base64url') === world.clientSecretHash;
    if (client === undefined || throttle?.blockedUntil != null || !known || !body.includes('client_credentials')) {
      return { status: 401, type: json, text: '{"error":"invalid_client"}' };
    }
    const scope = JSON.parse(client.scopes).join(' ');
    const iat = Math.floor(Date.now() / 1_000);
    const claims = encode({
      jti: randomBytes(32).toString('base64url'),
      sub: clientId,
      iat,
      exp: iat + 300,
      scope,
      client_id: clientId,
      iss: `${world.publicUrl}/oidc`,
      aud: `${world.publicUrl}/graphql`,
      made_at: Date.now(),
      made_with: secretMark,
    });
    const signed = `${head}.${claims}`;
    const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    const token = `${signed}.${signature.toString('base64url')}`;
    return {
      status: 200,
      type: json,
      text: `{"access_token":"${token}","expires_in":300,"token_type":"Bearer","scope":"${scope}"}`,
    };
  };
}

/** The hub's is a digest of the stored secret, as long as this. */
const secretMark = randomBytes(12).toString('base64url');

const verified = new Map();
let keys;

/** A bearer token checked once, then found again by its hash: what the hub's cache does, by hand. */
export function checkBearer(world, header) {
  const token = header.slice('Bearer '.length);
  const hash = createHash('sha256').update(token).digest('base64url');
  const until = verified.get(hash);
  if (until !== undefined && until > Date.now()) return true;
  keys ??= world.keys.map((jwk) => createPublicKey({ key: jwk, format: 'jwk' }));
  const [head, claims, signature] = token.split('.');
  const bytes = Buffer.from(`${head}.${claims}`);
  const right = keys.some((key) =>
    verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')),
  );
  const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  if (right) verified.set(hash, Math.min(exp * 1_000, Date.now() + 60_000));
  if (verified.size > 1_000) verified.clear();
  return right;
}
