import { setTimeout as pause } from 'node:timers/promises';
import type { GraphqlClient } from '../../support/graphql-call.js';
import type { Place } from './world.js';

/** What the hub said yes to. */
export interface Sold {
  /** Charge id to its amount in minor units. */
  readonly charges: Map<string, { readonly amount: number; readonly units: string; readonly group: string }>;
  readonly canceled: Set<string>;
  seatChanges: number;
  suspensions: number;
  /** Requests that got no answer and were sent again with the same key. */
  repeated: number;
}

/** The hub answered, and the answer was no. */
class Refused extends Error {}

/** Milliseconds between two commands of one seller: the marketplace is to be asked, not the hub to be loaded. */
const breath = 60;

/** Charges, cancels, gives and takes seats, suspends and resumes until told to stop. */
export function startSelling(
  graphql: GraphqlClient,
  places: readonly Place[],
  running: () => boolean,
): { readonly sold: Sold; readonly ended: Promise<void> } {
  const sold: Sold = { charges: new Map(), canceled: new Set(), seatChanges: 0, suspensions: 0, repeated: 0 };

  // biome-ignore lint/suspicious/noExplicitAny: answers of several mutations
  async function mutate(document: string, input: object): Promise<any> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const { data, errors } = await graphql(document, { input });
        if (errors === undefined && data !== undefined) return data;
        const code = errors?.[0]?.extensions?.code;
        if (code !== 'SERVICE_UNAVAILABLE' && code !== 'BUSY') throw new Refused(JSON.stringify(errors));
      } catch (error) {
        if (attempt > 3_000 || error instanceof Refused) throw error;
      }
      if (attempt === 0) sold.repeated += 1;
      await pause(20);
    }
  }

  async function charge({ instanceId, group }: Place): Promise<void> {
    for (let n = 0; running(); n += 1) {
      const amount = 100 + n;
      const units = n % 3 === 0 ? '2.5' : '1';
      const { addCharge } = await mutate(
        'mutation($input: AddChargeInput!) { addCharge(input: $input) { charge { id } } }',
        { idempotencyKey: `add-${group}-${n}`, instanceId, amount: String(amount), units, description: `Pack ${n}` },
      );
      const id: string = addCharge.charge.id;
      sold.charges.set(id, { amount, units, group });
      if (n % 5 === 4) {
        if (n % 2 === 0) await pause(breath * 5);
        await mutate('mutation($input: TargetInput!) { cancelCharge(input: $input) { charge { id } } }', {
          idempotencyKey: `cancel-${group}-${n}`,
          id,
        });
        sold.canceled.add(id);
      }
      await pause(breath);
    }
  }

  async function changeSeats({ tenantId, instanceId, licenseTypeId, userIds, group }: Place): Promise<void> {
    const held: string[] = [];
    for (let n = 0; running(); n += 1) {
      const idempotencyKey = `seat-${group}-${n}`;
      if (held.length < userIds.length && (held.length < 2 || n % 3 !== 2)) {
        const { assignLicense } = await mutate(
          `mutation($input: AssignLicenseInput!) { assignLicense(input: $input) {
            __typename ... on AssignLicenseSuccess { license { id } } } }`,
          { idempotencyKey, tenantId, instanceId, licenseTypeId, userId: userIds[n % userIds.length] },
        );
        if (assignLicense.license === undefined) throw new Refused(JSON.stringify(assignLicense));
        const { id } = assignLicense.license;
        if (!held.includes(id)) held.push(id);
      } else {
        const id = held.shift();
        const release = 'mutation($input: TargetInput!) { releaseLicense(input: $input) { license { id } } }';
        await mutate(release, { idempotencyKey, id });
      }
      sold.seatChanges += 1;
      await pause(breath * 8);
    }
  }

  async function suspend({ subscriptionId: id }: Place): Promise<void> {
    for (let n = 0; running(); n += 1) {
      await pause(breath * 10);
      for (const command of ['suspendSubscription', 'resumeSubscription']) {
        const document = `mutation($input: TargetInput!) { ${command}(input: $input) { subscription { id } } }`;
        await mutate(document, { idempotencyKey: `${command}-${n}`, id });
        await pause(breath * 4);
      }
      sold.suspensions += 1;
    }
  }

  const sellers = [...places.map(charge), ...places.map(changeSeats), suspend(places[0]!)];
  return { sold, ended: Promise.all(sellers).then(() => undefined) };
}
