/** What OpenSSL knows of a certificate and Node's X509Certificate does not tell. */
export interface CertificateExtras {
  /** False when a key usage extension is there and leaves digitalSignature out. */
  readonly mayVerify: boolean;
  /** Object identifier of the algorithm its issuer signed it with, in hex. */
  readonly signedWith: string;
}

interface Value {
  readonly tag: number;
  readonly content: Buffer;
}

const sequence = 0x30;
const bitString = 0x03;
const octetString = 0x04;
const extensionsTag = 0xa3;
/** id-ce-keyUsage, 2.5.29.15. */
const keyUsage = '551d0f';

/**
 * Reads the DER of a certificate that OpenSSL has already taken apart, so this only has to find its way.
 * @throws Error when the encoding is not that of a certificate
 */
export function readExtras(der: Buffer): CertificateExtras {
  const [tbs, algorithm] = valuesIn(only(der, sequence));
  const identifier = valuesIn(expected(algorithm, sequence))[0];
  const wrapper = valuesIn(expected(tbs, sequence)).find((value) => value.tag === extensionsTag);
  const extensions = wrapper === undefined ? [] : valuesIn(only(wrapper.content, sequence));
  const usages = extensions
    .map((extension) => valuesIn(expected(extension, sequence)))
    .filter((parts) => parts[0]?.content.toString('hex') === keyUsage);
  return {
    mayVerify: usages.every((parts) => hasDigitalSignature(expected(parts.at(-1), octetString))),
    signedWith: expected(identifier, 0x06).toString('hex'),
  };
}

/** The first octet of a BIT STRING counts its unused bits, the highest bit of the second is number 0: digitalSignature. */
function hasDigitalSignature(octets: Buffer): boolean {
  const bits = only(octets, bitString);
  return ((bits[1] ?? 0) & 0x80) !== 0;
}

function only(bytes: Buffer, tag: number): Buffer {
  const values = valuesIn(bytes);
  if (values.length !== 1) throw new Error('DER: one value expected');
  return expected(values[0], tag);
}

function expected(value: Value | undefined, tag: number): Buffer {
  if (value === undefined || value.tag !== tag) throw new Error(`DER: tag ${tag} expected`);
  return value.content;
}

function valuesIn(bytes: Buffer): Value[] {
  const values: Value[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at]!;
    const first = bytes[at + 1] ?? 0x80;
    const more = first < 0x80 ? 0 : first - 0x80;
    // no indefinite lengths in DER, and nothing here is longer than 2^24
    if ((first >= 0x80 && (more === 0 || more > 3)) || at + 2 + more > bytes.length) throw new Error('DER: length');
    const length = more === 0 ? first : bytes.readUIntBE(at + 2, more);
    const start = at + 2 + more;
    at = start + length;
    if (at > bytes.length) throw new Error('DER: value is cut off');
    values.push({ tag, content: bytes.subarray(start, at) });
  }
  return values;
}
