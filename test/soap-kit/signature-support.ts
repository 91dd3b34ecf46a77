import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, sign as makeSignature, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as xml from 'libxml2-wasm';
import {
  AuthenticationFailed,
  type SignatureCredentials,
  type SignatureOptions,
  securityFault,
  verifyPasswordDigest,
} from '../../src/adapters/soap/kit/index.js';
import { day, shift } from '../../src/core/shared/clock.js';
import { echoHandlers, ping, type Served, serve, soap11 } from './support.js';

export const oasis = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
export const wsseUri = `${oasis}-wssecurity-secext-1.0.xsd`;
export const wsuUri = `${oasis}-wssecurity-utility-1.0.xsd`;
export const dsUri = 'http://www.w3.org/2000/09/xmldsig#';
export const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
export const rsaSha1 = `${dsUri}rsa-sha1`;
export const ecdsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';
export const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
export const sha1 = `${dsUri}sha1`;
const x509v3 = `${oasis}-x509-token-profile-1.0#X509v3`;

export interface Identity {
  readonly certFile: string;
  readonly keyFile: string;
  readonly pem: string;
  readonly key: string;
  readonly base64: string;
  readonly fingerprint: string;
}

interface Making {
  readonly subject: string;
  readonly issuer?: Identity;
  /** A public key (PEM) to certify instead, as no CA should. */
  readonly publicKey?: string;
  /** Whose key it is, when it is not a new one. */
  readonly keyOf?: Identity;
  readonly key?: readonly string[];
  readonly extensions?: readonly string[];
  readonly days?: number;
  /** An exact end instead (`99991231235959Z`), self-signed and without extensions. */
  readonly until?: string;
  readonly hash?: string;
}

/** Certificates made by the openssl command; gone when the file's tests are over. */
export function authority(): (making: Making) => Identity {
  const folder = mkdtempSync(join(tmpdir(), 'signature-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let count = 0;
  return ({
    subject,
    issuer,
    keyOf,
    publicKey,
    key = ['rsa:2048'],
    extensions = [],
    days = 400,
    until,
    hash = 'sha256',
  }) => {
    count += 1;
    const at = (end: string): string => join(folder, `${count}.${end}`);
    const [certFile, request, config] = [at('crt'), at('csr'), at('cnf')];
    const keyFile = keyOf?.keyFile ?? at('key');
    const run = (command: string): void => void execFileSync('openssl', command.split(' '), { stdio: 'pipe' });
    const newKey = keyOf === undefined ? ['-newkey', ...key, '-keyout', keyFile] : ['-key', keyFile];
    const name = ['-utf8', '-multivalue-rdn', '-subj', subject];
    execFileSync('openssl', ['req', '-new', ...newKey, '-nodes', '-out', request, ...name], { stdio: 'pipe' });
    writeFileSync(config, `[x]\n${extensions.join('\n')}\n`);
    const signer = issuer === undefined ? `-key ${keyFile}` : `-CA ${issuer.certFile} -CAkey ${issuer.keyFile}`;
    if (publicKey !== undefined) writeFileSync(at('pub'), publicKey);
    const forced = publicKey === undefined ? '' : ` -force_pubkey ${at('pub')}`;
    if (until === undefined) {
      run(
        `x509 -req -in ${request} ${signer} -set_serial ${1000 + count} -days ${days} -${hash} -extfile ${config} ` +
          `-extensions x${forced} -out ${certFile}`,
      );
    } else {
      const settings = `database=${at('index')}\nrand_serial=yes\nnew_certs_dir=${folder}\npolicy=p\n[p]\ncommonName=supplied`;
      writeFileSync(config, `[ca]\ndefault_ca=d\n[d]\n${settings}\n`);
      writeFileSync(at('index'), '');
      run(
        `ca -batch -notext -selfsign -config ${config} -keyfile ${keyFile} -in ${request} -md ${hash} ` +
          `-startdate 20200101000000Z -enddate ${until} -out ${certFile}`,
      );
    }
    const pem = readFileSync(certFile, 'utf8');
    const der = new X509Certificate(pem).raw;
    return {
      certFile,
      keyFile,
      pem,
      key: readFileSync(keyFile, 'utf8'),
      base64: der.toString('base64'),
      fingerprint: createHash('sha256').update(der).digest('hex'),
    };
  };
}

/** A moment after all certificates of a test were made, and within their time. */
export const someDay = shift(`${new Date().toISOString().slice(0, 10)}T08:00:00.000Z`, 2 * day);

export const caExtensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
export const signing = ['keyUsage=critical,digitalSignature'];

/** What a signed message is made of; every part can be replaced to build a hostile one. */
export interface Signing {
  readonly by: Identity;
  /** Elements to sign, by XPath. */
  readonly targets?: readonly string[];
  readonly method?: string;
  readonly digest?: string;
  readonly prefixes?: string;
  readonly tokenFirst?: boolean;
  /** Rewrites SignedInfo before it is signed. */
  readonly signedInfo?: (text: string) => string;
  readonly signatureOf?: (octets: Buffer) => Buffer;
}

const names = { w: wsseUri, u: wsuUri, d: dsUri, e: soap11 };

export function canonical(text: string, path: string, prefixes = ''): Buffer {
  const document = xml.XmlDocument.fromString(text);
  try {
    const node = document.get(path, names) as xml.XmlElement;
    const inclusiveNamespacePrefixes = prefixes === '' ? undefined : prefixes.split(' ');
    const mode = xml.XmlC14NMode.XML_C14N_EXCLUSIVE_1_0;
    return Buffer.from(
      node.canonicalizeToString({ mode, ...(inclusiveNamespacePrefixes && { inclusiveNamespacePrefixes }) }),
    );
  } finally {
    document.dispose();
  }
}

/** Signs an envelope that has a Security header and puts token and signature at the end of it. */
export function sign(envelope: string, signing: Signing): string {
  const { by, targets = ['/e:Envelope/e:Body'], digest = sha256, prefixes = '', tokenFirst = false } = signing;
  const ec = by.key.includes('EC PRIVATE') || createPrivateKey(by.key).asymmetricKeyType === 'ec';
  const method = signing.method ?? (ec ? ecdsaSha256 : rsaSha256);
  const list = prefixes === '' ? '' : `<c:InclusiveNamespaces xmlns:c="${exclusive}" PrefixList="${prefixes}"/>`;
  const references = targets.map((path) => {
    const id = idAt(envelope, path);
    const value = createHash(digest === sha1 ? 'sha1' : 'sha256')
      .update(canonical(envelope, path, prefixes))
      .digest('base64');
    return (
      `<d:Reference URI="#${id}"><d:Transforms><d:Transform Algorithm="${exclusive}">${list}</d:Transform></d:Transforms>` +
      `<d:DigestMethod Algorithm="${digest}"/><d:DigestValue>${value}</d:DigestValue></d:Reference>`
    );
  });
  const plain =
    `<d:SignedInfo xmlns:d="${dsUri}"><d:CanonicalizationMethod Algorithm="${exclusive}"/>` +
    `<d:SignatureMethod Algorithm="${method}"/>${references.join('')}</d:SignedInfo>`;
  const info = signing.signedInfo?.(plain) ?? plain;
  const octets = canonical(info, '/*');
  const hash = method === rsaSha1 ? 'sha1' : 'sha256';
  const value =
    signing.signatureOf?.(octets) ?? makeSignature(hash, octets, { key: by.key, dsaEncoding: 'ieee-p1363' });
  const token =
    `<w:BinarySecurityToken xmlns:w="${wsseUri}" xmlns:u="${wsuUri}" ValueType="${x509v3}" ` +
    `EncodingType="${oasis}-soap-message-security-1.0#Base64Binary" u:Id="cert">${by.base64}</w:BinarySecurityToken>`;
  const signature =
    `<d:Signature xmlns:d="${dsUri}">${info}<d:SignatureValue>${value.toString('base64')}</d:SignatureValue><d:KeyInfo>` +
    `<w:SecurityTokenReference xmlns:w="${wsseUri}"><w:Reference URI="#cert" ValueType="${x509v3}"/>` +
    '</w:SecurityTokenReference></d:KeyInfo></d:Signature>';
  return envelope.replace('</w:Security>', `${tokenFirst ? token + signature : signature + token}</w:Security>`);
}

function idAt(text: string, path: string): string {
  const document = xml.XmlDocument.fromString(text);
  try {
    return (document.get(path, names) as xml.XmlElement).attr('Id', 'u')?.value ?? 'none';
  } catch {
    return 'none';
  } finally {
    document.dispose();
  }
}

/** An envelope ready to be signed: empty Security header, Body with an id. */
export function unsigned(security = '', body = ping('signed'), soap = soap11): string {
  return (
    `<?xml version="1.0" encoding="utf-8"?><e:Envelope xmlns:e="${soap}" xmlns:u="${wsuUri}" xmlns:w="${wsseUri}"><e:Header>` +
    `<w:Security>${security}</w:Security></e:Header><e:Body u:Id="body">${body}</e:Body></e:Envelope>`
  );
}

export function timestamp(now: string, from = 0, to = 300, id = 'stamp'): string {
  return (
    `<u:Timestamp u:Id="${id}"><u:Created>${shift(now, from * 1000)}</u:Created>` +
    `<u:Expires>${shift(now, to * 1000)}</u:Expires></u:Timestamp>`
  );
}

export interface SignedService extends Served {
  readonly seen: SignatureCredentials[];
}

/** A service of the echo operations that takes pinned and chained certificates, passwords, and refuses replays. */
export async function serveSigned(
  signatures: SignatureOptions | undefined,
  pinned: readonly Identity[],
  clock: { now(): string },
): Promise<SignedService> {
  const seen: SignatureCredentials[] = [];
  const replayed = new Set<string>();
  const known = new Set(pinned.map((identity) => identity.fingerprint));
  const served = await serve({
    operations: echoHandlers(),
    dispatch: 'body',
    strict: true,
    clock,
    ...(signatures && { signatures }),
    authenticationFault: (failure) => securityFault(failure, { detail: { element: 'ACCESS_DENIED' } }),
    authenticate: async (credentials) => {
      const refuse = (reason: string): never => {
        throw new AuthenticationFailed(credentials.kind, reason);
      };
      if (credentials.kind === 'none' || credentials.kind === 'basic') return refuse('nothing shown');
      const token = credentials.kind === 'signature' ? credentials.usernameToken : credentials;
      if (token !== null) {
        const right =
          token.kind === 'passwordDigest' ? verifyPasswordDigest(token, 'secret') : token.password === 'secret';
        if (token.username !== 'mkp' || !right) return refuse('wrong password');
      }
      if (credentials.kind !== 'signature') return credentials.username;
      if (!credentials.chained && !known.has(credentials.certificate.fingerprint256)) return refuse('foreign');
      if (replayed.has(credentials.replayKey)) return refuse('replayed');
      replayed.add(credentials.replayKey);
      seen.push(credentials);
      return credentials.certificate.subject;
    },
  });
  return { ...served, seen };
}

/** Faultcode of an answer, or the status when it is no fault. */
export function codeOf(reply: { status: number; text: string }): string {
  return (
    /<faultcode[^>]*>([^<]*)<|<soap:Subcode><soap:Value[^>]*>([^<]*)</.exec(reply.text)?.slice(1).join('') ??
    `${reply.status}`
  );
}
