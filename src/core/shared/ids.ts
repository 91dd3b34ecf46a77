/**
 * Ids are a three-letter type prefix, an underscore and a UUIDv7 in Crockford base32 (26 characters, lower case):
 * 30 characters, sortable by the time they were made (docs/design.md 10.1).
 */
export const idPrefixes = {
  tenant: 'ten',
  user: 'usr',
  userEmail: 'eml',
  membership: 'mem',
  application: 'app',
  licenseType: 'lty',
  plan: 'pln',
  instance: 'ins',
  licensePool: 'pol',
  license: 'lic',
  subscription: 'sub',
  channel: 'chn',
  serviceAccount: 'sac',
  externalRef: 'ref',
  channelRecord: 'rec',
  approval: 'apv',
  journalEntry: 'jrn',
  event: 'evt',
  loginToken: 'tok',
  session: 'ses',
  clientSession: 'cls',
  client: 'cli',
  identityProvider: 'idp',
  webhook: 'whk',
  scheduledCommand: 'sch',
  request: 'req',
  poolChange: 'pch',
  activeSpan: 'spn',
  delivery: 'dlv',
  revocation: 'rvk',
  serviceLevelGroup: 'slg',
  serviceLevelAgreement: 'sla',
  usageRecord: 'usg',
  usageStatistic: 'ust',
  alarm: 'alm',
  loginTicket: 'tkt',
  trafficCredential: 'trc',
  accountCertificate: 'crt',
  accountLogin: 'lgn',
  charge: 'chg',
  channelTask: 'tsk',
} as const;

export type ObjectKind = keyof typeof idPrefixes;

/** Makes ids; a port so that tests can fix them. */
export interface Ids {
  next(kind: ObjectKind): string;
}

const kindsByPrefix = new Map<string, ObjectKind>(
  Object.entries(idPrefixes).map(([kind, prefix]) => [prefix, kind as ObjectKind]),
);

const shape = /^([a-z]{3})_[0-9a-hjkmnp-tv-z]{26}$/;

/** The kind an id names, or undefined when the text is no id of ours. */
export function kindOfId(id: string): ObjectKind | undefined {
  const match = shape.exec(id);
  return match ? kindsByPrefix.get(match[1]!) : undefined;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Renders 16 bytes as 26 base32 characters, most significant first, so that text order is byte order. */
export function encodeBase32(bytes: Uint8Array): string {
  let bits = 2; // 130 bits are written; the first two are zero
  let value = 0;
  let out = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += alphabet[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return out;
}
