import { Writable } from 'node:stream';
import type { RecordedCall } from '../../../src/adapters/marketplace.js';
import { defineApplication } from '../../../src/core/catalog/index.js';
import { setPoolQuantity } from '../../../src/core/licensing/index.js';
import {
  bindExternalRef,
  configureChannel,
  registerServiceAccount,
  updateServiceAccount,
} from '../../../src/core/marketplace/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import { type Actor, systemActor } from '../../../src/core/shared/actor.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import { openPersistence, type Persistence } from '../../../src/persistence/index.js';
import { createIds } from '../../../src/platform/ids.js';
import { createKeyring, generateSecretKey } from '../../../src/platform/keyring.js';
import { createLogger } from '../../../src/platform/logger.js';
import { quickPasswords } from '../../prm/support/process.js';
import { type TestClock, testClock } from '../../support/clock.js';
import { createEmptyDatabase } from '../../support/databases.js';
import { createFormCaller, type FormCall, type FormOptions } from './forms.js';
import { type KakapoProcess, openProcess, type ProcessParts } from './process.js';
import { createSoapCaller, type SoapCall, type SoapOptions } from './soap.js';

export const servicePath = '/KakapoProvision/ProvisionV3.asmx';
export const providerHost = 'xsp.op.example';
export const interfaceUser = { loginUserName: 'api@op.example', loginPassword: 's3cret-Api-1' };
/** The operator's own interface user: acts on every provider of the channel. */
export const operatorUser = { loginUserName: 'hub@op.example', loginPassword: 's3cret-Hub-1' };

type Stock = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What the provider has bought of what the hub sells: application key, license type, quantity; 0 is sold and not bought. */
export const usualStock: Stock = {
  UnityDesktop: { Pro: 10, Enterprise: 5, Anywhere: 0 },
  UnityAgent: { Standard: 3, Enterprise: 0, Anywhere: 0 },
  UnityDashboard: { Tabular100: 2, 'Tabular100+': 2 },
};

export interface KakapoHubOptions {
  /** Settings of the channel `unity`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Further channels, without anything in them: name and settings. */
  readonly channels?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly stock?: Stock;
  readonly limits?: ProcessParts['limits'];
  readonly authentication?: ProcessParts['authentication'];
}

export interface KakapoHub {
  readonly databaseUrl: string;
  readonly persistence: Persistence;
  readonly clock: TestClock;
  readonly port: number;
  /** Of the service; with a channel's name under /channels. */
  url(channel?: string): string;
  channelId(channel?: string): string;
  /** The tenant of the provider `xsp.op.example`. */
  readonly providerId: string;
  /** Id of a license type: `UnityDesktop`, `Pro`. */
  licenseTypeId(application: string, code: string): string;
  /** Id of the interface user `api@op.example`. */
  readonly accountId: string;
  /** The interface user, by SOAP. */
  soap(options?: SoapOptions): SoapCall;
  /** The interface user, by form. */
  form(options?: FormOptions): FormCall;
  /** What an operator does after a wrong password. */
  unlock(): Promise<void>;
  readonly records: readonly RecordedCall[];
  logged(): string;
  model<T>(work: (tx: Unit) => Promise<T>, actor?: Actor): Promise<T>;
  /** A further process on the same database; closed with the hub. */
  join(): Promise<{ readonly url: string }>;
  close(): Promise<void>;
}

/** A hub with nothing in it but a provider and its interface user: real HTTP, real database, every answer checked against its schema. */
export async function openKakapoHub(dialect: 'sqlite' | 'mysql', options: KakapoHubOptions = {}): Promise<KakapoHub> {
  const { settings = {}, channels: others = {}, stock = usualStock, limits, authentication } = options;
  const clock = testClock();
  const ids = createIds(clock);
  const logged: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const logger = createLogger({ level: 'info', format: 'json', stream });
  const database = await createEmptyDatabase(dialect);
  const secrets = createKeyring(generateSecretKey());
  const persistence = await openPersistence({ databaseUrl: database.url, secrets, clock, ids, logger });
  await persistence.migrate();
  const model: KakapoHub['model'] = (work, actor = systemActor('test')) =>
    persistence.uow.run(actor, { name: 'test.model', requestId: 'test' }, work);
  const seeded = await seed(model, { unity: settings, ...others }, stock);

  const records: RecordedCall[] = [];
  const record = (call: RecordedCall): void => void records.push(call);
  const shared = {
    clock,
    ids,
    logger,
    channels: seeded.channels,
    record,
    ...(limits !== undefined && { limits }),
    ...(authentication !== undefined && { authentication }),
  };
  const main = await openProcess({ ...shared, persistence });
  const endings: (() => Promise<void>)[] = [];
  const url = (channel?: string, process: KakapoProcess = main): string =>
    `http://127.0.0.1:${process.port}${channel === undefined ? '' : `/channels/${channel}`}${servicePath}`;

  return {
    databaseUrl: database.url,
    persistence,
    clock,
    port: main.port,
    url: (channel) => url(channel),
    channelId: (channel = 'unity') => seeded.channels.find(({ name }) => name === channel)!.id,
    providerId: seeded.providerId,
    licenseTypeId: (application, code) => seeded.licenseTypes.get(`${application} ${code}`)!,
    accountId: seeded.accountId,
    soap: (given) => createSoapCaller(url(), { login: interfaceUser, ...given }),
    form: (given) => createFormCaller(url(), { login: interfaceUser, ...given }),
    async unlock() {
      await model((tx) => updateServiceAccount(tx, { id: seeded.accountId, locked: false }));
    },
    records,
    logged: () => logged.join(''),
    model,
    async join() {
      const own = await openPersistence({ databaseUrl: database.url, secrets, clock, ids, logger });
      const joined = await openProcess({ ...shared, persistence: own });
      endings.push(joined.close, own.close);
      return { url: url(undefined, joined) };
    },
    async close() {
      for (const end of [main.close, ...endings]) await end();
      await persistence.close();
      await database.drop();
    },
  };
}

async function seed(
  model: KakapoHub['model'],
  channels: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  stock: Stock,
) {
  const passwords = quickPasswords();
  const ownHash = await passwords.hash(interfaceUser.loginPassword);
  const operatorHash = await passwords.hash(operatorUser.loginPassword);
  return model(async (tx) => {
    const made = [];
    for (const [name, settings] of Object.entries(channels)) {
      made.push(await configureChannel(tx, { name, protocol: 'kakapo', settings }));
    }
    const channelId = made[0]!.id;
    const provider = await createTenant(tx, { kind: 'provider', name: providerHost, channelId });
    await bindExternalRef(tx, { channelId, kind: 'tenant', externalId: providerHost, targetId: provider.id });
    const account = { channelId, addresses: ['127.0.0.0/8', '::1'] };
    const { id: accountId } = await registerServiceAccount(tx, {
      ...account,
      username: interfaceUser.loginUserName,
      passwordHash: ownHash,
      tenantId: provider.id,
    });
    await registerServiceAccount(tx, {
      ...account,
      username: operatorUser.loginUserName,
      passwordHash: operatorHash,
    });
    const licenseTypes = new Map<string, string>();
    for (const [key, types] of Object.entries(stock)) {
      const codes = Object.keys(types).map((code) => ({ code }));
      const application = await defineApplication(tx, { key, name: key, licenseTypes: codes });
      for (const { id, code } of await tx.licenseTypes.findMany({ applicationId: application.id })) {
        licenseTypes.set(`${key} ${code}`, id);
        const quantity = types[code]!;
        if (quantity > 0) await setPoolQuantity(tx, { tenantId: provider.id, licenseTypeId: id, quantity });
      }
    }
    return { channels: made, providerId: provider.id, accountId, licenseTypes };
  });
}
