/** What a result code says (docs/protocols/nec.md). */
export const resultMeanings: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'missing or invalid parameter',
  2: 'realm unknown',
  3: 'user unknown in this realm',
  4: 'already exists with different data',
  5: 'realm or user deleted',
  6: 'invalid status value',
  7: 'not allowed in this state',
  8: 'license quantity exceeded or below use',
  9: 'version does not support this operation',
  10: 'requestId reused with different content',
  99: 'internal, retry later',
};
