/** Why a response was not believed; for the journal and the log, never for the browser. In the order they are looked for. */
export const reasons = [
  'form', // not one SAMLResponse field in a form
  'too_large',
  'base64',
  'encoding', // not UTF-8
  'dtd',
  'xml', // not well-formed, or with what no SAML message has (CDATA, processing instructions)
  'too_complex',
  'root', // not a Response of SAML 2.0
  'responses', // a second one inside
  'encrypted',
  'assertions', // none, several, or in another place
  'duplicate_id',
  'status',
  'unsigned',
  'signature_place',
  'signature_form',
  'references', // not exactly one
  'reference_target', // another element than the one the signature stands in
  'transforms',
  'algorithm',
  'sha1',
  'no_key',
  'key_type',
  'key_size',
  'signature', // digest or value is wrong
  'signed_element', // what was signed is not what was looked for
  'second_reading', // the two readers do not agree
  'version',
  'confirmation',
  'request_mismatch',
  'request_unknown',
  'request_expired',
  'request_used',
  'assertion_used',
  'destination',
  'recipient',
  'time', // cannot be read
  'not_yet_valid',
  'expired',
  'audience',
  'issuer',
  'attribute_twice',
  'attribute_missing',
  'attribute_value',
  'throttled',
  'suspended',
  'not_usable',
] as const;
export type Reason = (typeof reasons)[number];

/** One of the reasons not to believe a response. */
export class Refused extends Error {
  constructor(
    readonly reason: Reason,
    /** For the log only. */
    readonly detail = '',
  ) {
    super(detail === '' ? reason : `${reason}: ${detail}`);
  }
}

export function refuse(reason: Reason, detail = ''): never {
  throw new Refused(reason, detail);
}
