import type { IncomingMessage } from 'node:http';

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

export interface RawBodyLimits {
  /** An oversized body up to this size is read and thrown away so that the client sees the 413; beyond, the connection is cut. */
  readonly drainBytes: number;
  /** Milliseconds from the first look at the request to the last byte of its body. */
  readonly bodyTime: number;
}

/** All bytes as they were sent, or null when there were more than `maximum` and the rest was thrown away. @throws BodyRefused */
export function collectBody(request: IncomingMessage, limits: RawBodyLimits, maximum: number): Promise<Buffer | null> {
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
