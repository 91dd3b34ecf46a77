import { availableParallelism } from 'node:os';
import { type Options, parseOptions, hash as slowHash, verify as slowVerify } from '@node-rs/argon2';
import { DomainError, invalid } from '../core/shared/errors.js';

/** OWASP's second argon2id profile: about 11 ms of one core. */
const strength = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Longer texts are refused before any work: nobody types them, and hashing them is a lever. */
const longestPassword = 1_024;

/** `ahead`: before all who wait without it, and in a queue of its own that they cannot fill. For callers who cannot come often. */
export interface Turn {
  readonly ahead?: boolean;
}

export interface Passwords {
  /** @throws {DomainError} `invalid_value` when too long, `busy` when too many are waiting. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password belongs to the hash. For `null` (unknown account, no password set) it does the same work and
   * answers false. @throws {DomainError} `busy` when too many are waiting.
   */
  verify(hash: string | null, password: string, turn?: Turn): Promise<boolean>;
  /** Whether the hash was made with other parameters than today's. */
  needsRehash(hash: string): boolean;
}

export interface PasswordOptions {
  /** How many are hashed at once. Default: one less than the cores, at least one. */
  readonly concurrency?: number;
  /** How many may wait in each queue. Default 32, about a third of a second of work. */
  readonly queue?: number;
  /** Weaker parameters, for tests only. */
  readonly strength?: { memoryCost: number; timeCost: number; parallelism: number };
}

/** argon2id in the thread pool, behind a semaphore so that guessing cannot take every core. */
export function createPasswords(options: PasswordOptions = {}): Passwords {
  const chosen: Options = { ...(options.strength ?? strength), algorithm: 2 }; // 2 = argon2id
  const inTurn = createGate(options.concurrency ?? Math.max(1, availableParallelism() - 1), options.queue ?? 32);
  let dummy: Promise<string> | undefined;

  async function verify(hash: string | null, password: string, turn?: Turn): Promise<boolean> {
    const usable = password.length <= longestPassword;
    dummy ??= slowHash('no account has this password', chosen);
    const against = hash ?? (await dummy);
    const right = await inTurn(() => slowVerify(against, usable ? password : ''), turn);
    return right && usable && hash !== null;
  }

  return {
    async hash(password) {
      if (password.length > longestPassword)
        throw invalid('password', `must not be longer than ${longestPassword} characters`);
      return inTurn(() => slowHash(password, chosen));
    },
    verify,
    needsRehash(hash) {
      try {
        const made = parseOptions(hash);
        return (
          made.algorithm !== chosen.algorithm ||
          made.memoryCost !== chosen.memoryCost ||
          made.timeCost !== chosen.timeCost ||
          made.parallelism !== chosen.parallelism
        );
      } catch {
        return true; // not a hash of ours
      }
    },
  };
}

function createGate(concurrency: number, queueLimit: number): <T>(work: () => Promise<T>, turn?: Turn) => Promise<T> {
  const ahead: (() => void)[] = [];
  const others: (() => void)[] = [];
  let active = 0;
  return async (work, turn) => {
    if (active >= concurrency) {
      const queue = turn?.ahead === true ? ahead : others;
      if (queue.length >= queueLimit) throw new DomainError('busy');
      await new Promise<void>((resolve) => queue.push(resolve)); // the one that leaves hands its place over
    } else {
      active += 1;
    }
    try {
      return await work();
    } finally {
      const next = ahead.shift() ?? others.shift();
      if (next) next();
      else active -= 1;
    }
  };
}
