/** An answer is longer than anybody wants to read. */
export class TooMuch extends Error {}

/** The text of an answer of at most so many bytes. Throws `TooMuch` as soon as there are more. */
export async function readLimited(response: Response, mostBytes: number): Promise<string> {
  if (response.body === null) return '';
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.byteLength;
    if (size > mostBytes) throw new TooMuch(`the answer is larger than ${mostBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
