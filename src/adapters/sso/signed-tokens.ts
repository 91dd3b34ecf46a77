import { createLocalJWKSet, type JWK, type JWTPayload, jwtVerify } from 'jose';

export interface SignedTokenPorts {
  readonly issuer: string;
  /** Tokens for anybody else are refused. */
  readonly audience: string;
  /** Milliseconds of the epoch. */
  now(): number;
  /** Public or private; only the public part is used. */
  keys(): readonly JWK[];
}

/** The claims of a token of the hub's own, or undefined when it is not one, has expired or lacks a claim. */
export async function readSigned(
  { issuer, audience, now, keys }: SignedTokenPorts,
  token: string,
  requiredClaims: string[],
): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: keys().map(publicPart) }), {
      issuer,
      audience,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      currentDate: new Date(now()),
      requiredClaims,
    });
    return payload;
  } catch (error) {
    if (isJoseError(error)) return undefined;
    throw error;
  }
}

function isJoseError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J');
}

function publicPart({ d: _, ...jwk }: JWK): JWK {
  return jwk;
}
