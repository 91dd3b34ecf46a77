import { tokenRequest } from './requests.mjs';

const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());

export const token = {
  name: 'token',
  title: 'Token issue: client_credentials, ES256',
  variants: ['hub', 'ceiling'],
  goals: [],
  expects: '"access_token"',
  sample: () => tokenRequest(),
  /** The same claims; what differs by nature (times, ids, keys, the signature) is compared by its shape only. */
  comparable(text) {
    const { access_token: jwt, ...rest } = JSON.parse(text);
    const [head, claims, signature] = jwt.split('.');
    const { jti, iat, exp, made_at: madeAt, made_with: madeWith, ...stable } = decode(claims);
    const { kid, ...header } = decode(head);
    const shape = {
      life: exp - iat,
      jti: typeof jti,
      madeAt: typeof madeAt,
      madeWith: madeWith.length,
      kid: typeof kid,
      signature: Buffer.from(signature, 'base64url').length,
    };
    return JSON.stringify(sorted({ ...rest, header, claims: stable, shape }));
  },
  requests: () => tokenRequest,
};

function sorted(value) {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}
