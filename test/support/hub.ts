import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, projectRoot } from '../../scripts/build.mjs';
import { eventually } from './eventually.js';
import { freePort } from './http.js';
import { seedText } from './hub-seed.js';
import { lendMysqlSchema } from './mysql.js';

const entry = join(projectRoot, 'bin/mercator.mjs');
/** What a hub process of ours says at most into memory; everything is in its log file. */
const rememberedOutput = 200_000;

export interface HubOptions {
  readonly dialect: 'sqlite' | 'mysql';
  /** Settings beside or instead of ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the example application will listen; the seed file and OUTBOUND_ALLOW name it. Default: nobody listens there. */
  readonly appPort?: number;
  /** Changes the seed (hub.example.yaml as data) before it is applied. */
  readonly seed?: (seed: SeedData) => void;
}

// biome-ignore lint/suspicious/noExplicitAny: a seed file as data; the hub itself checks its shape
export type SeedData = Record<string, any[]>;

/** One process of a hub. */
export interface HubProcess {
  readonly port: number;
  /** Of this very process; PUBLIC_URL is the same for all of a hub. */
  readonly url: string;
  readonly pid: number;
  alive(): boolean;
  /** The latest of standard output and standard error. */
  output(): string;
  /** Resident memory in bytes. */
  memory(): Promise<number>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
}

/** A built hub run as processes of its own on its own data. */
export interface Hub extends HubProcess {
  readonly dialect: 'sqlite' | 'mysql';
  readonly publicUrl: string;
  readonly databaseUrl: string;
  readonly folder: string;
  readonly appPort: number;
  /** The process that serves `publicUrl`, which changes with `restart`. */
  readonly main: HubProcess;
  /** Starts the process again on the same data, after `kill` or `stop`; milliseconds until it is ready. */
  restart(env?: Readonly<Record<string, string>>): Promise<number>;
  /** A further process on the same database with a port of its own. */
  join(env?: Readonly<Record<string, string>>): Promise<HubProcess>;
  /** Runs the CLI on the same data. */
  cli(...args: string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
  /** Stops every process and drops the data. */
  close(): Promise<void>;
}

let built: Promise<unknown> | undefined;
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts a hub on an empty database, applies the seed and waits until it is ready. */
export async function startHub(options: HubOptions): Promise<Hub> {
  built ??= build();
  await built;
  const { dialect } = options;
  await mkdir(join(projectRoot, '.tmp/hubs'), { recursive: true });
  const folder = await mkdtemp(join(projectRoot, '.tmp/hubs/hub-'));
  const schema = dialect === 'mysql' ? await lendMysqlSchema() : undefined;
  const [port, appPort] = await Promise.all([freePort(), options.appPort ?? freePort()]);
  const publicUrl = `http://localhost:${port}`;
  const databaseUrl = schema?.url ?? `sqlite:${folder}/mercator.db`;
  const seedFile = join(folder, 'seed.yaml');
  await writeFile(seedFile, await seedText(appPort, options.seed));
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    NODE_ENV: 'production',
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    DATA_DIR: folder,
    DATABASE_URL: databaseUrl,
    LOG_FORMAT: 'json',
    OUTBOUND_ALLOW: `localhost:${appPort}`,
    ...options.env,
  };

  const processes: HubProcess[] = [];
  let main = await launch({ ...env, SEED_FILE: seedFile }, folder).catch(async (error: unknown) => {
    await schema?.drop();
    throw error;
  });
  processes.push(main);

  return {
    dialect,
    publicUrl,
    databaseUrl,
    folder,
    appPort,
    url: publicUrl,
    port,
    get main() {
      return main;
    },
    get pid() {
      return main.pid;
    },
    alive: () => main.alive(),
    output: () => main.output(),
    memory: () => main.memory(),
    kill: () => main.kill(),
    stop: () => main.stop(),
    async restart(more) {
      const begun = performance.now();
      main = await launch({ ...env, ...more }, folder);
      processes.push(main);
      return Math.round(performance.now() - begun);
    },
    async join(more) {
      const further = await launch({ ...env, PORT: String(await freePort()), ...more }, folder);
      processes.push(further);
      return further;
    },
    cli: (...args) => runCli(args, env),
    async close() {
      await Promise.all(processes.map((one) => one.stop()));
      await schema?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(env: Record<string, string>, folder: string): Promise<HubProcess> {
  const child = spawn(process.execPath, [entry, 'start'], { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let output = '';
  const log = createWriteStream(join(folder, `hub-${child.pid}.log`));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-rememberedOutput);
      log.write(text);
    });
  }
  const ended = once(child, 'close').then(() => {
    children.delete(child);
    log.end();
  });
  const alive = () => child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals) => {
    if (alive()) child.kill(signal);
    await ended;
    return child.exitCode;
  };
  const url = `http://localhost:${env.PORT}`;
  try {
    await eventually(
      async () => {
        if (!alive()) return true;
        return (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
      },
      { within: 60_000, every: 25, what: 'the hub being ready' },
    );
  } catch (error) {
    await end('SIGKILL');
    throw new Error(`${String(error)}\n${output}`);
  }
  if (!alive()) throw new Error(`the hub ended at start with ${child.exitCode ?? child.signalCode}:\n${output}`);
  return {
    port: Number(env.PORT),
    url,
    pid: child.pid!,
    alive,
    output: () => output,
    memory: () => residentMemory(child.pid!),
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

async function residentMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024;
}

function runCli(args: readonly string[], env: Record<string, string>) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [entry, ...args], { env, maxBuffer: 64 * 1_048_576 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr });
    });
  });
}
