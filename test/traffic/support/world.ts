import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHub, type Hub } from '../../../src/bootstrap/container.js';
import { registerClient } from '../../../src/core/identity/index.js';
import { configureChannel } from '../../../src/core/marketplace/index.js';
import {
  decideApproval,
  type Instance,
  registerApplication,
  registerInstance,
  registerProvider,
  setTrafficPassword,
} from '../../../src/core/provisioning/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import { systemActor } from '../../../src/core/shared/actor.js';
import { DomainError } from '../../../src/core/shared/errors.js';
import { openDatabase } from '../../../src/persistence/sql/open-database.js';
import { readConfig } from '../../../src/platform/config.js';
import { generateSecretKey } from '../../../src/platform/keyring.js';
import { createPasswords, type Passwords } from '../../../src/platform/passwords.js';
import { tickingClock } from '../../sso/support/ticking-clock.js';
import { createEmptyDatabase } from '../../support/databases.js';
import { freePort } from '../../support/http.js';

export const password = 'traffic-Pass-1';
export const gateway = { clientId: 'gateway', secret: 'gateway-secret-0123456789abcdef' };

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked at by the assertions
  readonly body: any;
  readonly headers: Headers;
}

export interface Names {
  readonly sp: string;
  readonly app: string;
  readonly inst: string;
}

export const clientIdOf = ({ sp, app, inst }: Names): string => [sp, app, inst].map(encodeURIComponent).join('/');

export const basic = (username: string, secret: string): string =>
  `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;

export type World = Awaited<ReturnType<typeof startWorld>>;

/** Processes of one hub on one database, with two channels where providers register and a gateway's client. */
export async function startWorld(dialect: 'sqlite' | 'mysql', processes = 1) {
  const folder = await mkdtemp(join(tmpdir(), 'mercator-traffic-'));
  const database = await createEmptyDatabase(dialect);
  const clock = tickingClock();
  const ports = await Promise.all(Array.from({ length: processes }, freePort));
  const publicUrl = `http://localhost:${ports[0]}`;
  const secretKey = generateSecretKey();
  const passwords = countingPasswords();
  const hubs: Hub[] = [];
  for (const port of ports) {
    const config = readConfig({
      PORT: String(port),
      HOST: '127.0.0.1',
      PUBLIC_URL: publicUrl,
      DATABASE_URL: database.url,
      DATA_DIR: folder,
      SECRET_KEY: secretKey,
      LOG_LEVEL: 'silent',
      ROLES: 'web',
      TRUSTED_PROXIES: '127.0.0.1/32',
    });
    const hub = await createHub(config, { passwords, clock });
    hubs.push(hub);
    await hub.listen();
  }
  const raw = await openDatabase(database.url, 1);
  const [hub] = hubs as [Hub, ...Hub[]];
  const urls = ports.map((port) => `http://localhost:${port}`);

  const run = <T>(work: (tx: Unit) => Promise<T>): Promise<T> =>
    hub.uow.run(systemActor('test'), { name: 'test', requestId: 'test' }, work);
  const passwordHash = await passwords.hash(password);
  const channels = await run(async (tx) => {
    await configureChannel(tx, { name: 'carrier', protocol: 'nec', settings: {} });
    const made = [];
    for (const name of ['gatekeeper', 'second']) {
      made.push(await configureChannel(tx, { name, protocol: 'prm', settings: {} }));
    }
    return made.map(({ id }) => id) as [string, string];
  });

  async function client(fields: {
    clientId: string;
    secret: string;
    level?: number | null;
    tenantId?: string;
    instanceId?: string;
    scopes?: string[];
  }) {
    const { clientId, secret, level = 333, tenantId = '', instanceId = '', scopes = ['hub.read'] } = fields;
    const secretHash = hub.clientSecrets.hash(secret);
    await run((tx) =>
      registerClient(tx, {
        clientId,
        secretHash,
        level,
        tenantId,
        instanceId,
        grantTypes: ['client_credentials'],
        scopes,
      }),
    );
  }
  await client(gateway);

  async function approve(tx: Unit, objectId: string): Promise<void> {
    const open = await tx.approvals.findOne({ openKey: objectId });
    await decideApproval(tx, { id: open!.id, approve: true });
  }

  /** A provider with one application and one instance, everything approved unless the instance shall wait. */
  async function chain(
    { sp, app, inst }: Names,
    options: { readonly channel?: 0 | 1; readonly registered?: boolean } = {},
  ) {
    return run(async (tx) => {
      const tenant = await registerProvider(tx, {
        channelId: channels[options.channel ?? 0],
        externalId: sp,
        passwordHash,
      });
      await approve(tx, tenant.id);
      const application = await registerApplication(tx, { tenantId: tenant.id, externalId: app });
      await approve(tx, application.id);
      const instance = await registerInstance(tx, { applicationId: application.id, externalId: inst, passwordHash });
      if (options.registered !== true) await approve(tx, instance.id);
      return { tenantId: tenant.id, applicationId: application.id, instanceId: instance.id };
    });
  }

  /** Registers and approves another instance of the name; answers its id. */
  async function again({ sp, app, inst }: Names): Promise<string> {
    const application = await hub.persistence.readers.registry.application(channels[0], sp, app);
    return run(async (tx) => {
      const instance = await registerInstance(tx, { applicationId: application!.id, externalId: inst, passwordHash });
      await approve(tx, instance.id);
      return instance.id;
    });
  }

  async function post(
    path: string,
    init: { headers?: Record<string, string>; body: unknown },
    at = 0,
  ): Promise<Answer> {
    const json = typeof init.body === 'object' && !(init.body instanceof URLSearchParams);
    const response = await fetch(`${urls[at]}${path}`, {
      method: 'POST',
      headers: { ...(json && { 'content-type': 'application/json' }), ...init.headers },
      body: json ? JSON.stringify(init.body) : (init.body as string | URLSearchParams),
    });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
  }

  let made = 0;
  return {
    hubs,
    hub,
    urls,
    publicUrl,
    /** For what no port offers: looking at rows. */
    raw,
    clock,
    passwords,
    channels,
    run,
    client,
    chain,
    again,
    post,
    names(): Names {
      made += 1;
      return { sp: `sp-${made}`, app: `app-${made}`, inst: `inst-${made}` };
    },
    /** What a gateway asks, in HTTP Basic. */
    check: (body: unknown, at = 0, headers: Record<string, string> = {}): Promise<Answer> =>
      post(
        '/traffic/check',
        { headers: { authorization: basic(gateway.clientId, gateway.secret), ...headers }, body },
        at,
      ),
    /** The grant as an application's own library asks for it. */
    token: (
      clientId: string,
      secret: string,
      form: Record<string, string> = {},
      headers: Record<string, string> = {},
    ) =>
      post('/oidc/token', {
        headers: { authorization: basic(encodeURIComponent(clientId), encodeURIComponent(secret)), ...headers },
        body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
      }),
    async setPassword(instanceId: string, text: string): Promise<void> {
      const hash = await passwords.hash(text);
      await run((tx) => setTrafficPassword(tx, { instanceId, passwordHash: hash }));
    },
    instance: (id: string): Promise<Instance> => run(async (tx) => (await tx.instances.find(id))!),
    async close() {
      await Promise.all(hubs.map((one) => one.close()));
      await raw.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** argon2id of its weakest, and how often it was at work. */
function countingPasswords(): Passwords & { verified: number; busy: boolean } {
  const real = createPasswords({ strength: { memoryCost: 64, timeCost: 1, parallelism: 1 }, queue: 1_000 });
  const counting = {
    ...real,
    verified: 0,
    /** As if too many were waiting. */
    busy: false,
    async verify(hash: string | null, text: string) {
      if (counting.busy) throw new DomainError('busy');
      counting.verified += 1;
      return real.verify(hash, text);
    },
  };
  return counting;
}
