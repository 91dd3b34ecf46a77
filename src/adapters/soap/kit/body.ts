import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { BodyRefused, collectBody } from '../../../platform/request-body.js';
import type { SoapLimits } from './limits.js';
import { MalformedXml } from './parse.js';

export { BodyRefused };

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
  const bytes = await collectBody(request, limits, readable ? limits.bytes : 0);
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
