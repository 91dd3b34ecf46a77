import { setTimeout as pause } from 'node:timers/promises';
import { type ClientSite, servicePath } from '../../kakapo/clients/seed.js';
import { createSoapCaller, type Outcome, type Parameters, type SoapCall } from '../../kakapo/support/soap.js';
import { hold } from '../../support/proof.js';

/** A provisioning system that asks again while the hub says that it is busy; `onBusy` counts how often. */
export function patientCaller({ host, login }: ClientSite, base: string, onBusy: () => void = () => {}): SoapCall {
  const call = createSoapCaller(base + servicePath, { login });
  return async (operation, parameters = {}) => {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await call(operation, { serverHostName: host, ...parameters });
      if (outcome.status !== 503 || attempt > 600) return outcome;
      onBusy();
      await pause(50);
    }
  };
}

/** The same where nothing is refused. */
export async function done(call: SoapCall, operation: string, parameters: Parameters): Promise<Outcome['items']> {
  const { success, items, errorMessage, text } = await call(operation, parameters);
  hold(success === true, `${operation} is done`, { parameters, answer: errorMessage ?? text });
  return items;
}

/** Runs so many, `atOnce` of them side by side. */
export async function inBatches(count: number, atOnce: number, run: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await run(index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
