export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly milliseconds: number;
  /** What went wrong, for the operator; not for anonymous callers. */
  readonly problem?: string;
}

export interface Readiness {
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
}

export interface Health {
  /** Adds a named check; it throws or rejects when its subject is not well. */
  add(name: string, check: () => unknown): void;
  /** True while the process can answer at all: nothing outside it is asked, so a restart is never caused by a database. */
  live(): boolean;
  /** Runs every check at once, each within the time limit. */
  ready(): Promise<Readiness>;
  /** From now on not ready, so that the load balancer looks elsewhere before the process ends. */
  drain(): void;
}

/** @param options.timeout milliseconds one check may take. Default 2,000. */
export function createHealth({ timeout = 2_000 }: { timeout?: number } = {}): Health {
  const checks = new Map<string, () => unknown>();
  let draining = false;
  return {
    add(name, check) {
      checks.set(name, check);
    },
    live: () => true,
    async ready() {
      const results = await Promise.all([...checks].map(([name, check]) => run(name, check, timeout)));
      if (draining) results.push({ name: 'process', ok: false, milliseconds: 0, problem: 'shutting down' });
      return { ok: results.every((result) => result.ok), checks: results };
    },
    drain() {
      draining = true;
    },
  };
}

async function run(name: string, check: () => unknown, timeout: number): Promise<CheckResult> {
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout);
  });
  try {
    await Promise.race([(async () => check())(), late]);
    return { name, ok: true, milliseconds: elapsed() };
  } catch (error) {
    return {
      name,
      ok: false,
      milliseconds: elapsed(),
      problem: error instanceof Error ? error.message : String(error),
    };
  } finally {
    clearTimeout(timer);
  }
}
