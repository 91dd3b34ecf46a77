import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { SoapLimits } from './limits.js';
import { MalformedXml } from './parse.js';

export type BodyProblem = 'too-large' | 'too-slow' | 'encoding' | 'gone';

/** The body was not taken in: 413, 408, 415, or nobody left to answer. `complete`: the connection can be used again. */
export class BodyRefused extends Error {
  constructor(
    readonly problem: BodyProblem,
    readonly complete: boolean,
  ) {
    super(problem);
    this.name = 'BodyRefused';
  }
}

type BodyLimits = Pick<SoapLimits, 'bytes' | 'inflatedBytes' | 'drainBytes' | 'bodyTime'>;

const inflate = promisify(gunzip);

/**
 * Reads a request body within the limits and inflates gzip; any other or stacked encoding is refused. Broken gzip is answered
 * as an error value: it gets the protocol's answer to broken XML. @throws BodyRefused
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer | MalformedXml> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  const zipped = encoding === 'gzip' || encoding === 'x-gzip';
  const readable = zipped || encoding === '' || encoding === 'identity';
  const bytes = await collect(request, limits, readable ? limits.bytes : 0);
  if (!readable) throw new BodyRefused('encoding', true);
  if (bytes === null) throw new BodyRefused('too-large', true);
  if (!zipped) return bytes;
  try {
    return await inflate(bytes, { maxOutputLength: limits.inflatedBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new BodyRefused('too-large', true);
    return new MalformedXml('syntax');
  }
}

/** All bytes, or null when there were more than `maximum` and the rest was thrown away. */
function collect(request: IncomingMessage, limits: BodyLimits, maximum: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > limits.drainBytes) return reject(new BodyRefused('too-large', false));
    let chunks: Buffer[] | null = declared > maximum ? null : [];
    let size = 0;
    const timer = setTimeout(() => stop(new BodyRefused('too-slow', false)), limits.bodyTime);
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limits.drainBytes) stop(new BodyRefused('too-large', false));
      else if (size > maximum) chunks = null;
      else chunks?.push(chunk);
    };
    const onEnd = (): void => {
      release();
      if (chunks === null) resolve(null);
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
    };
    const onGone = (): void => stop(new BodyRefused('gone', false));
    const release = (): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
    };
    const stop = (error: BodyRefused): void => {
      release();
      request.pause();
      // a late reset of the connection must not become an unhandled error
      request.on('error', () => undefined);
      reject(error);
    };
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}
