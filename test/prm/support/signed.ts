import { bindCertificate, type CertificateKind, unbindCertificate } from '../../../src/core/marketplace/index.js';
import { hashToken } from '../../../src/platform/secrets.js';
import { type Identity, type Signing, sign, unsigned } from '../../soap-kit/signature-support.js';
import type { PrmHub } from './hub.js';

export const stampPath = '//u:Timestamp';
export const bodyPath = '/e:Envelope/e:Body';

interface Parts extends Partial<Signing> {
  /** Beside the signature. */
  readonly security?: string;
  /** In the operation. */
  readonly content?: string;
}

let made = 0;

/** A call of `SpService.getSpAccountState` and the like as somebody signs it; no two are the same. */
export function signedCall(
  call: string,
  by: Identity,
  { security = '', content = '', ...signing }: Parts = {},
): string {
  const [service, operation] = call.split('.');
  const body = `<m:${operation} xmlns:m="urn:prm:4.0:${service}">${content}</m:${operation}>`;
  made += 1;
  return sign(unsigned(security, body).replace('u:Id="body"', `u:Id="body-${made}"`), { by, ...signing });
}

/** Lets a certificate speak for an account; answers how to take that back. */
export async function bind(
  hub: PrmHub,
  username: string,
  name: string,
  { kind = 'fingerprint', channel }: { kind?: CertificateKind; channel?: string } = {},
): Promise<() => Promise<unknown>> {
  const channelId = hub.channelId(channel);
  const { id } = await hub.model(async (tx) => {
    const account = await tx.serviceAccounts.findOne({ channelId, username, liveKey: '0' });
    return bindCertificate({ hash: hashToken }, tx, { serviceAccountId: account!.id, kind, name });
  });
  return () => hub.model((tx) => unbindCertificate(tx, { id }));
}
