import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The whole body as text. Refuses with 413 as soon as it is known to be too long, before anything is parsed. */
export function readBody(request: IncomingMessage, limit: number): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge(limit));
  if (request.destroyed) return Promise.reject(new Refusal(400, 'the request ended too early'));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (error: Error) => {
      request.off('data', onData);
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) fail(tooLarge(limit));
      else chunks.push(chunk);
    };
    request.on('data', onData);
    request.once('end', () => {
      try {
        resolve(decoder.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
      } catch {
        reject(new Refusal(400, 'the body is not UTF-8'));
      }
    });
    request.once('error', fail);
    request.once('close', () => {
      // every request closes; only one that was cut off is worth an error and its stack
      if (!request.complete) fail(new Refusal(400, 'the request ended too early'));
    });
  });
}

function tooLarge(limit: number): Refusal {
  // The rest of the body is not read, so the connection cannot be used again.
  return new Refusal(413, `the body is larger than ${limit} bytes`, { connection: 'close' });
}
