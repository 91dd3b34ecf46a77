import { createHmac } from 'node:crypto';
import type { z } from 'zod';
import type { CliHub, CliPorts } from '../../src/adapters/cli/index.js';
import { maestranoSettings } from '../../src/adapters/rest/maestrano/config.js';
import { kakapoSettings } from '../../src/adapters/soap/kakapo/config.js';
import { necSettings } from '../../src/adapters/soap/nec/config.js';
import { prmSettings } from '../../src/adapters/soap/prm/config.js';
import type { Protocol } from '../../src/core/marketplace/index.js';
import { readConfig } from '../../src/platform/config.js';
import { createPasswords } from '../../src/platform/passwords.js';
import { alarmReporter } from '../support/alarms.js';
import type { TestDatabase } from '../support/databases.js';

export const channelSettings: Record<Protocol, z.ZodType> = {
  prm: prmSettings,
  nec: necSettings,
  kakapo: kakapoSettings,
  maestrano: maestranoSettings,
};

export const passwords = createPasswords({ strength: { memoryCost: 64, timeCost: 1, parallelism: 1 } });
const hash = (secret: string): string => createHmac('sha256', 'test').update(secret).digest('base64url');

/** A hub as the commands see it, on a test database. It does not listen. */
export function cliHub(db: TestDatabase, environment: Record<string, string> = {}): CliHub {
  return {
    config: readConfig(environment),
    uow: db.persistence.uow,
    readers: db.persistence.readers,
    passwords,
    clock: db.clock,
    clientSecrets: { hash, matches: (stored, secret) => stored === hash(secret) },
    journal: db.persistence.journalChain,
    alarms: alarmReporter(db),
    throttles: db.persistence.throttles,
    describeChannels: async (ids) => ids.map(() => null),
    problemsOfChannel: async () => [],
    rediscoverChannel: () => Promise.reject(new Error('not here')),
    keyFingerprint: db.keyring.fingerprint(),
    rotateKeys: () => Promise.reject(new Error('not here')),
    checkAddress: () => Promise.resolve(),
    listen: () => Promise.reject(new Error('not here')),
    close: async () => undefined,
  };
}

export interface TestTerminal {
  readonly ports: CliPorts;
  out(): string;
  err(): string;
}

/** Ports that write into memory; whatever else a command needs is given. */
export function terminalPorts(ports: Partial<CliPorts> = {}): TestTerminal {
  const written = { out: '', err: '' };
  const missing = () => Promise.reject(new Error('not part of this test'));
  return {
    out: () => written.out,
    err: () => written.err,
    ports: {
      version: '1.2.3',
      terminal: {
        out: (text) => {
          written.out += text;
        },
        error: (text) => {
          written.err += text;
        },
        interactive: false,
      },
      readConfig: () => readConfig({}),
      openMigrations: missing,
      openHub: missing,
      channelSettings,
      printSchema: async () => 'type Query',
      ...ports,
    },
  };
}

export async function rows(db: TestDatabase, table: string): Promise<number> {
  const [row] = await db.raw.read.all<{ total: number }>(`SELECT COUNT(*) AS total FROM ${table}`);
  return row?.total ?? 0;
}
