import { setTimeout as pause } from 'node:timers/promises';
import type { SeededCatalog } from './catalog.js';
import type { GraphqlClient } from './graphql-call.js';
import { hold } from './proof.js';
import { marketplace } from './soap-call.js';

/** What the hub said yes to, by what the caller named it. */
export interface Acknowledged {
  /** realmId → users it was told were made. */
  readonly realms: Map<string, Set<string>>;
  /** License ids answered by assignLicense. */
  readonly seats: Set<string>;
  /** Instance ids answered by provisionInstance. */
  readonly instances: Set<string>;
  /** Answers in all. */
  count: number;
  /** Requests that got no answer and were sent again with the same key. */
  repeated: number;
}

export interface WriterOptions {
  readonly publicUrl: string;
  readonly graphql: GraphqlClient;
  readonly catalog: SeededCatalog;
  readonly tenantId: string;
  readonly userIds: readonly string[];
  readonly running: () => boolean;
}

/** Writes through SOAP and GraphQL side by side until told to stop, repeating with the same key whatever got no answer. */
export function startWriters(options: WriterOptions): { readonly acknowledged: Acknowledged; ended: Promise<void> } {
  const { publicUrl, graphql, catalog, tenantId, userIds, running } = options;
  const acknowledged: Acknowledged = {
    realms: new Map(),
    seats: new Set(),
    instances: new Set(),
    count: 0,
    repeated: 0,
  };
  const call = marketplace(publicUrl);

  /** Until there is an answer: a refused connection, a broken one and 503 are none. Counts what was sent again. */
  async function answerOf<T>(send: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await send();
        acknowledged.count += 1;
        return answer;
      } catch (error) {
        if (attempt > 3_000 || error instanceof Refused) throw error;
        if (attempt === 0) acknowledged.repeated += 1;
        await pause(20);
      }
    }
  }

  async function soap(operation: string, input: object, codes: readonly number[] = [0]): Promise<void> {
    const answer = await answerOf(() => call(operation, input));
    hold(codes.includes(answer.resultCode), `${operation} is done, also when sent again`, answer);
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers of several mutations
  async function mutate(document: string, input: object): Promise<any> {
    return answerOf(async () => {
      const { data, errors } = await graphql(document, { input });
      if (errors === undefined) return data;
      const code = errors[0]?.extensions?.code;
      if (code === 'SERVICE_UNAVAILABLE' || code === 'BUSY') throw new Error('busy');
      throw new Refused(JSON.stringify(errors));
    });
  }

  async function sellThroughSoap(writer: number): Promise<void> {
    for (let n = 0; running(); n += 1) {
      const realmId = `R-${writer}-${n}`;
      const realm = { realmId };
      await soap('CreateRealm', {
        ...realm,
        requestId: `create-${realmId}`,
        customerId: `C-${writer}-${n % 7}`,
        customerName: `Customer ${n % 7}`,
        applicationId: 'crm',
        offerCode: 'crm-month',
        licences: [{ licenceCode: 'Standard', quantity: 3 }],
      });
      const users = new Set<string>();
      acknowledged.realms.set(realmId, users);
      for (let index = 0; index < 3 && running(); index += 1) {
        const userId = `U${index}`;
        await soap('CreateUser', { ...realm, requestId: `user-${realmId}-${userId}`, user: { userId } });
        users.add(userId);
      }
      await soap('UpdateRealmStatus', { ...realm, requestId: `off-${realmId}`, status: 7 });
    }
  }

  async function takeAndGiveBack(writer: number): Promise<void> {
    const mine = userIds.filter((_, index) => index % 2 === writer);
    for (let n = 0; running(); n += 1) {
      const userId = mine[n % mine.length];
      const { assignLicense } = await mutate(
        `mutation($input: AssignLicenseInput!) { assignLicense(input: $input) { ... on AssignLicenseSuccess { license { id } } } }`,
        { idempotencyKey: `take-${writer}-${n}`, userId, tenantId, licenseTypeId: catalog.standardId },
      );
      const id: string = assignLicense.license.id;
      acknowledged.seats.add(id);
      const { releaseLicense } = await mutate(
        `mutation($input: TargetInput!) { releaseLicense(input: $input) { license { id releasedAt } } }`,
        { idempotencyKey: `give-${writer}-${n}`, id },
      );
      hold(releaseLicense.license.id === id, 'the seat given back is the one taken');
    }
  }

  async function provision(): Promise<void> {
    for (let n = 0; running(); n += 1) {
      const { provisionInstance } = await mutate(
        `mutation($input: ProvisionInstanceInput!) { provisionInstance(input: $input) { instance { id } subscription { id } licensePools { id } } }`,
        {
          idempotencyKey: `instance-${n}`,
          tenantId,
          applicationId: catalog.applicationId,
          planId: catalog.planId,
          licenses: [{ licenseTypeId: catalog.standardId, quantity: 2 }],
        },
      );
      hold(provisionInstance.subscription !== null && provisionInstance.licensePools.length === 1, 'it is whole');
      acknowledged.instances.add(provisionInstance.instance.id);
    }
  }

  const writers = [sellThroughSoap(0), sellThroughSoap(1), takeAndGiveBack(0), takeAndGiveBack(1), provision()];
  return { acknowledged, ended: Promise.all(writers).then(() => undefined) };
}

/** The hub answered, and the answer was no. */
class Refused extends Error {}
