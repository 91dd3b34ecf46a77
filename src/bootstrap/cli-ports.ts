import { existsSync, readFileSync } from 'node:fs';
import { type CliHub, type CliPorts, type IsvApp, type IsvAppOptions, runCli } from '../adapters/cli/index.js';
import { openPersistence } from '../persistence/index.js';
import { systemClock } from '../platform/clock.js';
import { type Config, readConfig } from '../platform/config.js';
import { createIds } from '../platform/ids.js';
import { createKeyring, generateSecretKey } from '../platform/keyring.js';
import { createLogger } from '../platform/logger.js';
import { checkAddress } from './check-address.js';
import { createHub } from './container.js';
import { channelSettings } from './marketplaces.js';

/** The project's root, from dist/src/bootstrap as from src/bootstrap. */
function fromRoot(path: string): URL {
  const direct = new URL(`../../${path}`, import.meta.url);
  return existsSync(direct) ? direct : new URL(`../../../${path}`, import.meta.url);
}

/** Runs one command of the CLI; the answer is the exit code. */
export function runCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  return runCli(argv, createCliPorts(), signal);
}

function createCliPorts(): CliPorts {
  const manifest = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')) as { version: string };
  const app = fromRoot('examples/isv-app/app.mjs');
  return {
    version: manifest.version,
    terminal: {
      out: (text) => void process.stdout.write(text),
      error: (text) => void process.stderr.write(text),
      interactive: process.stderr.isTTY === true,
    },
    readConfig: () => readConfig(),
    openMigrations,
    openHub,
    channelSettings,
    printSchema: async () => (await import('./graphql.js')).printGraphqlSchema(),
    ...(existsSync(app) ? { startIsvApp: (options: IsvAppOptions) => startIsvApp(app, options) } : {}),
  };
}

async function startIsvApp(app: URL, options: IsvAppOptions): Promise<IsvApp> {
  const module = (await import(app.href)) as {
    startIsvApp: (options: IsvAppOptions) => Promise<IsvApp>;
  };
  return module.startIsvApp(options);
}

async function openMigrations(config: Config) {
  const clock = systemClock();
  const persistence = await openPersistence({
    databaseUrl: config.databaseUrl,
    // Nothing sealed is read or written here, so the hub's own key need not be at hand.
    secrets: createKeyring(generateSecretKey()),
    clock,
    ids: createIds(clock),
    logger: createLogger({ level: 'warn', stream: process.stderr }),
    poolSize: 1,
  });
  return { migrations: persistence.migrations, close: () => persistence.close() };
}

async function openHub(config: Config, { quiet }: { readonly quiet: boolean }): Promise<CliHub> {
  const hub = await createHub(config, quiet ? { logStream: process.stderr } : {});
  return {
    config,
    uow: hub.uow,
    readers: hub.readers,
    passwords: hub.passwords,
    clock: hub.clock,
    clientSecrets: hub.clientSecrets,
    journal: hub.persistence.journalChain,
    alarms: hub.alarms,
    throttles: hub.persistence.throttles,
    describeChannels: hub.describeChannels,
    problemsOfChannel: hub.problemsOfChannel,
    rediscoverChannel: hub.rediscover,
    keyFingerprint: hub.keyring.fingerprint(),
    async rotateKeys() {
      const key = await hub.sso.rotateKeys();
      return { kid: key.kid, activeFrom: key.activeFrom, resealed: await hub.persistence.reseal() };
    },
    checkAddress: async () => {
      if (config.roles.includes('web')) await checkAddress(config);
    },
    listen: () => hub.listen(),
    close: () => hub.close(),
  };
}
