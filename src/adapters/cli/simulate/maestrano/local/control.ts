import type { Area } from './model.js';

export type DigestName = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** How an answer goes wrong: an error status, the connection cut before or after the work was done, or late. */
export type Failure =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'cutBefore' }
  | { readonly kind: 'cutAfter' }
  | { readonly kind: 'late'; readonly milliseconds: number };

export interface FailingCall {
  readonly area: Area;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

/** What a test or a demo may turn while it runs. */
export interface Control {
  /** Seconds until `mno_session_recheck`; the real one has 180. */
  recheckSeconds: number;
  /** Which digest responses are signed with. */
  digest: DigestName;
  /** The public code builds algorithm names as `http://www.w3.org/2000/09/xmldsig#rsa-sha256`, which no standard has. */
  standardAlgorithmNames: boolean;
  signed: 'assertion' | 'response';
  /** Lets people into groups they are not in, as `Guest`: the public sandbox does. */
  guests: boolean;
  /** Tells the hub what the hub itself pushed, as the real Connec! does. */
  echo: boolean;
  /** Records on one page of Connec! unless `$top` says less. */
  pageSize: number;
  /** Asked before every call of the hub; undefined = it goes well. */
  fail: (call: FailingCall) => Failure | undefined;
}

export function createControl(given: Partial<Control> = {}): Control {
  return {
    recheckSeconds: 180,
    digest: 'sha256',
    standardAlgorithmNames: true,
    signed: 'assertion',
    guests: false,
    echo: true,
    pageSize: 100,
    fail: () => undefined,
    ...given,
  };
}
