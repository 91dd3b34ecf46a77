import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, maskedConfig, readConfig } from '../../src/platform/config.js';
import { configurationPage } from '../../src/platform/configuration-page.js';
import { generateSecretKey } from '../../src/platform/keyring.js';
import { notesOf, type Settings, settings } from '../../src/platform/settings.js';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('configuration', () => {
  it('has the documented defaults, which follow PORT and DATA_DIR', () => {
    expect(readConfig({})).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:4000',
      databaseUrl: 'sqlite:./data/mercator.db',
      mailUrl: 'file:./data/mail',
      roles: ['web', 'worker'],
      outboundAllow: [],
      allowInsecure: false,
    });
    expect(readConfig({ PORT: '4100', DATA_DIR: '/tmp/d' })).toMatchObject({
      publicUrl: 'http://localhost:4100',
      databaseUrl: 'sqlite:/tmp/d/mercator.db',
    });
  });

  it('lists every problem at once, each with its variable', () => {
    const problems = problemsOf({
      PORT: 'many',
      PUBLIC_URL: 'ftp://x',
      DATABASE_URL: 'postgres://x/y',
      ROLES: 'web,king',
      TRUSTED_PROXIES: '10.0.0.0/8,010.1.1.1',
      OUTBOUND_ALLOW: 'http://x',
      SECRET_KEY: 'short',
      METRICS_TOKEN: 'short',
      ADMIN_EMAIL: 'nobody',
      LOG_LEVEL: 'loud',
      ALLOW_INSECURE: 'maybe',
      MAIL_URL: 'pigeon:',
    });
    expect(problems.map((problem) => problem.slice(0, problem.indexOf(':'))).sort()).toEqual([
      'ADMIN_EMAIL',
      'ALLOW_INSECURE',
      'DATABASE_URL',
      'LOG_LEVEL',
      'MAIL_URL',
      'METRICS_TOKEN',
      'OUTBOUND_ALLOW',
      'PORT',
      'PUBLIC_URL',
      'ROLES',
      'SECRET_KEY',
      'TRUSTED_PROXIES',
    ]);
    expect(problems.join('\n')).toContain('"010.1.1.1" is neither an IP address nor a CIDR block');
  });

  it('treats an empty variable as absent', () => {
    expect(readConfig({ PORT: '', SEED_FILE: '', SECRET_KEY: '' })).toMatchObject({ port: 4000 });
  });

  it('refuses a public URL that would send secrets in clear, unless told', () => {
    expect(problemsOf({ PUBLIC_URL: 'http://hub.example' })).toEqual([expect.stringContaining('ALLOW_INSECURE=1')]);
    expect(problemsOf({ PUBLIC_URL: 'http://192.168.1.4:4000' })).toHaveLength(1);
    expect(problemsOf({ PUBLIC_URL: 'http://hub.example', ALLOW_INSECURE: '1' })).toEqual([]);
    for (const fine of ['https://hub.example', 'http://127.0.0.1:9', 'http://[::1]:9', 'http://hub.localhost']) {
      expect(problemsOf({ PUBLIC_URL: fine })).toEqual([]);
    }
  });

  it('shows secrets as *** wherever it is printed', () => {
    const key = generateSecretKey();
    const config = readConfig({
      SECRET_KEY: key,
      METRICS_TOKEN: 'a-long-metrics-token',
      ADMIN_EMAIL: 'a@b.example',
      ADMIN_PASSWORD: 'hunter2-hunter2',
      DATABASE_URL: 'mysql://hub:db-secret@db:3306/hub',
      MAIL_URL: 'smtp://me:mail-secret@mail:25',
    });
    const shown = JSON.stringify(config) + inspect(config) + JSON.stringify(maskedConfig(config));
    for (const secret of [key, 'a-long-metrics-token', 'hunter2', 'db-secret', 'mail-secret']) {
      expect(shown).not.toContain(secret);
    }
    expect(shown).toContain('mysql://hub:***@db:3306/hub');
    expect(config.databaseUrl).toContain('db-secret');
  });

  it('documents every setting, and docs/configuration.md is what is printed', async () => {
    for (const name of Object.keys(settings.shape) as (keyof Settings)[]) {
      expect(notesOf(name).doc).toMatch(/\.$/);
    }
    expect(await readFile('docs/configuration.md', 'utf8')).toBe(configurationPage());
  });
});
