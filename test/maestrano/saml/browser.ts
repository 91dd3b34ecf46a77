import { inflateRawSync } from 'node:zlib';
import type { MaestranoHub } from '../support/hub.js';
import { responseXml, type Said, type Signing, sign } from './responses.js';
import { idp } from './support.js';

/** A request as the identity provider reads it: with regular expressions, not with a parser. */
export interface ReadRequest {
  readonly xml: string;
  readonly id: string;
  readonly consumeUrl: string;
  readonly issuer: string;
}

export function readRequest(location: string): ReadRequest {
  const xml = inflateRawSync(Buffer.from(new URL(location).searchParams.get('SAMLRequest')!, 'base64')).toString();
  return {
    xml,
    id: /ID=['"](.+?)['"]/.exec(xml)![1]!,
    consumeUrl: /AssertionConsumerServiceURL=['"](.+?)['"]/.exec(xml)![1]!,
    issuer: /<saml:Issuer[^>]*>(.+?)<\/saml:Issuer>/.exec(xml)![1]!,
  };
}

/** One browser; it brings its cookies where a browser would. */
export class TestBrowser {
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly world: MaestranoHub,
    private readonly address: string,
  ) {}

  get names(): readonly string[] {
    return [...this.cookies.keys()];
  }

  async get(
    path: string,
    { url = this.world.url, headers = {} }: { url?: string; headers?: object } = {},
  ): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, url), {
      redirect: 'manual',
      headers: { 'x-forwarded-for': this.address, ...(cookie !== '' && { cookie }), ...headers },
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
      this.cookies.set(name!, value!);
    }
    return response;
  }

  async begin(channel = 'acme', query = '?group_id=cld-1'): Promise<ReadRequest> {
    const response = await this.get(`/maestrano/auth/saml/init/${channel}${query}`);
    return readRequest(response.headers.get('location')!);
  }

  /** Posts from another site, so without a cookie. */
  async consume(xml: string, { channel = 'acme', url = this.world.url } = {}): Promise<Response> {
    const base64 = Buffer.from(xml)
      .toString('base64')
      .replace(/=+$/, '')
      .replace(/(.{60})/g, '$1\n');
    return this.post(String(new URLSearchParams({ utf8: '✓', SAMLResponse: base64, commit: 'Go' })), { channel, url });
  }

  async post(
    body: string,
    {
      channel = 'acme',
      url = this.world.url,
      type = 'application/x-www-form-urlencoded',
      headers = {},
    }: { channel?: string; url?: string; type?: string; headers?: object } = {},
  ): Promise<Response> {
    return fetch(`${url}/maestrano/auth/saml/consume/${channel}`, {
      method: 'POST',
      redirect: 'manual',
      body,
      headers: {
        'content-type': type,
        'x-forwarded-for': this.address,
        origin: `https://api.${channel}.example`,
        ...headers,
      },
    });
  }
}

/** What the identity provider of `acme` says now, by the hub's clock. */
export function responseNow(
  world: MaestranoHub,
  request: Pick<ReadRequest, 'id' | 'consumeUrl'>,
  said: Said = {},
  signing: Partial<Signing> = {},
): string {
  const at = (minutes: number): string => new Date(Date.parse(world.clock.now()) + minutes * 60_000).toISOString();
  const { id, consumeUrl } = request;
  const attributes = { mno_session_recheck: at(3), group_end_free_trial: at(30 * 24 * 60), ...said.attributes };
  const xml = responseXml({
    requestId: id,
    id: `_${Math.random().toString(36).slice(2)}`,
    destination: consumeUrl,
    recipient: consumeUrl,
    audience: `${new URL(consumeUrl).origin}/`,
    issuer: `https://api.acme.example/api/v1/auth/saml?SAMLRequest=x`,
    notBefore: at(-0.1),
    notOnOrAfter: at(60),
    confirmedUntil: at(3),
    ...said,
    attributes,
  });
  return sign(xml, { identity: idp, ...signing });
}
