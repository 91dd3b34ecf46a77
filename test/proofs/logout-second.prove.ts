/**
 * A marketplace disables a user over SOAP: within one second of its answer no process lets the user's tokens in anywhere, and
 * within five the application was told by back-channel logout. Two processes on one database; the SOAP call reaches one.
 */
import { type IsvApp, startIsvApp } from '../../examples/isv-app/app.mjs';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/http.js';
import { startHub } from '../support/hub.js';
import { doors, openBrowser, personToken, probeClient, type TokenPair } from '../support/person.js';
import { hold, type ProofContext, proofDialects, spread } from '../support/proof.js';
import { marketplace } from '../support/soap-call.js';

const tokenLimit = 1_000;
const applicationLimit = 5_000;
const realm = { realmId: 'R-logout' };
const person = { ...realm, userId: 'U1' };

export async function prove({ short, resume, progress }: ProofContext): Promise<object> {
  const rounds = short ? 2 : 25;
  const figures: Record<string, object> = {};
  for (const dialect of await proofDialects()) {
    figures[dialect] = await resume(dialect, () => proveOn(dialect, rounds));
    progress(`${dialect}: ${JSON.stringify(figures[dialect])}`);
  }
  return { rounds, processes: 2, unit: 'milliseconds after the SOAP answer', ...figures };
}

async function proveOn(dialect: 'sqlite' | 'mysql', rounds: number): Promise<object> {
  const appPort = await freePort();
  const hub = await startHub({ dialect, appPort, seed: (seed) => void seed.clients!.push(probeClient) });
  let app: IsvApp | undefined;
  try {
    app = await startIsvApp({ issuer: `${hub.publicUrl}/oidc`, port: appPort });
    const urls = [hub.publicUrl, (await hub.join({ ROLES: 'web' })).url];
    const call = marketplace(hub.publicUrl);
    const done = async (operation: string, input: object) => {
      const answer = await call(operation, input);
      hold(answer.resultCode === 0, `${operation} is done`, answer);
      return answer;
    };
    const licences = [{ licenceCode: 'Standard', quantity: 1 }];
    const customer = { customerId: 'C1', customerName: 'Customer', applicationId: 'crm', offerCode: 'crm-month' };
    await done('CreateRealm', { ...realm, ...customer, licences });
    await done('CreateUser', { ...realm, user: { userId: person.userId, firstName: 'Nora' } });

    const slowest: Record<string, number[]> = {};
    const told: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const browser = openBrowser();
      await browser.open((await done('Login', person)).ssoUrl);
      await browser.open(`${app.url}/login`);
      hold((await browser.get(`${app.url}/`)).body.includes('Hello'), 'the person is signed in to the application');
      const tokens: TokenPair = {
        identity: await personToken(hub.publicUrl, browser, 'openid profile'),
        api: await personToken(hub.publicUrl, browser, 'openid hub.read'),
      };
      // asked twice, so that every cache of every process knows the tokens
      for (let time = 0; time < 2; time += 1) {
        for (const url of urls) {
          for (const [name, isOpen] of Object.entries(doors)) hold(await isOpen(url, tokens), `${name} is open first`);
        }
      }
      const logouts = app.logouts.length;
      await done('UpdateUserStatus', { ...person, status: 7 });
      const answered = performance.now();
      const application = app;
      await Promise.all([
        ...urls.flatMap((url, process) =>
          Object.entries(doors).map(async ([name, isOpen]) => {
            const took = await untilClosed(() => isOpen(url, tokens), answered);
            slowest[`${name}@${process + 1}`] = [...(slowest[`${name}@${process + 1}`] ?? []), took];
          }),
        ),
        eventually(() => application.logouts.length > logouts, {
          within: applicationLimit,
          what: 'the logout token',
        }).then(() => told.push(performance.now() - answered)),
      ]);
      hold(!(await browser.get(`${app.url}/`)).body.includes('Hello'), 'the application has signed the person out');
      await done('UpdateUserStatus', { ...person, status: 1 });
      for (const url of urls) {
        for (const [name, isOpen] of Object.entries(doors)) {
          hold(!(await isOpen(url, tokens)), `${name} stays closed for the old tokens after enabling`);
        }
      }
    }
    const refused = Object.fromEntries(Object.entries(slowest).map(([name, values]) => [name, spread(values)]));
    return { refused, applicationTold: spread(told) };
  } finally {
    await app?.close();
    await hub.close();
  }
}

/** Milliseconds from `since` until the last asking that still got in, and one more answer. */
async function untilClosed(isOpen: () => Promise<boolean>, since: number): Promise<number> {
  await eventually(async () => !(await isOpen()), { within: tokenLimit, every: 20, what: 'tokens being refused' });
  return performance.now() - since;
}
