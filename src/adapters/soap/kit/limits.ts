/** What a message may cost before anybody is known. All are checked before or while parsing, never after. */
export interface SoapLimits {
  /** Bytes on the wire, compressed or not. */
  readonly bytes: number;
  /** Bytes after gunzip; inflating stops here. */
  readonly inflatedBytes: number;
  /** An oversized body up to this size is read and thrown away so that the client sees the 413; beyond, the connection is cut. */
  readonly drainBytes: number;
  /** Milliseconds from the first look at the request to the last byte of its body. */
  readonly bodyTime: number;
  readonly depth: number;
  readonly elements: number;
  readonly attributesPerElement: number;
  readonly attributes: number;
  /** Characters of text directly in one element. */
  readonly textLength: number;
}

/** CreateUsers with 1,000 people is about 500 KB and 10,000 elements; the deepest message of our WSDLs has 9 levels. */
export const defaultLimits: SoapLimits = {
  bytes: 1_048_576,
  inflatedBytes: 4_194_304,
  drainBytes: 8_388_608,
  bodyTime: 20_000,
  depth: 64,
  elements: 50_000,
  attributesPerElement: 64,
  attributes: 50_000,
  textLength: 1_048_576,
};
