/** What persistence needs of the keyring (platform/keyring.ts): encryption at rest and keyed hashes, one purpose each. */
export interface Secrets {
  readonly currentKeyId: string;
  readonly keyIds: readonly string[];
  fingerprint(keyId?: string): string;
  seal(purpose: string, plaintext: string): string;
  open(purpose: string, sealed: string): string;
  /** The same content sealed with the current key, or the very text given when it already is. */
  reseal(purpose: string, sealed: string): string;
  hmac(purpose: string, data: string | Uint8Array, keyId?: string): Buffer;
  /** Whether the code was made with any key of the ring. */
  verifyHmac(purpose: string, data: string | Uint8Array, code: Uint8Array): boolean;
}
