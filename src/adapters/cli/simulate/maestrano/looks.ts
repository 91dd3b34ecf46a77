import { HubBusy, patiently } from '../busy.js';
import type { GraphqlClient } from '../graphql-client.js';
import type { StepOutcome } from '../transcript.js';
import { comesTrue } from '../wait.js';
import { type MaestranoContext, settling } from './context.js';
import type { Company } from './people.js';

// What a frontend sees in GraphQL of what the marketplace said.

/** Between two looks, in milliseconds. */
const pause = 200;

type Kind = 'INSTANCE' | 'TENANT' | 'USER';

const refQuery = `query Simulated($channelId: ID!, $kind: ExternalRefKind!, $externalId: String!) {
  externalRefs(first: 2, filter: { channelId: { eq: $channelId }, kind: { eq: $kind }, externalId: { eq: $externalId } }) {
    nodes { target { id } }
  }
}`;

/** Our id of something of a marketplace; undefined when it is not there. */
export async function idOf(
  graphql: GraphqlClient,
  channelId: string,
  kind: Kind,
  externalId: string,
): Promise<string | undefined> {
  const { externalRefs } = await graphql.query<{ externalRefs: { nodes: { target: { id: string } | null }[] } }>(
    refQuery,
    { channelId, kind, externalId },
  );
  return externalRefs.nodes[0]?.target?.id;
}

const companyQuery = `query Simulated($id: ID!) {
  instance(id: $id) {
    id state
    tenant { id version name state timeZone memberships(first: 100) { nodes { email roles terminatedAt user { id givenName familyName } } } }
    subscription { id status trialEndsAt }
    subscriptions(first: 20) { nodes { id status } }
    licenses(first: 50) { nodes { releasedAt user { id } } }
    charges(first: 50) { nodes { id kind status seats startsAt externalId failure description price { amount currency } amount { amount } } }
    journal(first: 100) { nodes { command actorName } }
  }
}`;

interface Nodes<T> {
  readonly nodes: readonly T[];
}

export interface ShownCharge {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly seats: number | null;
  readonly startsAt: string | null;
  readonly externalId: string;
  readonly failure: string;
  readonly description: string;
  readonly price: { readonly amount: string; readonly currency: string };
  readonly amount: { readonly amount: string };
}

export interface ShownCompany {
  readonly id: string;
  readonly state: string;
  readonly tenant: {
    readonly id: string;
    readonly version: number;
    readonly name: string;
    readonly state: string;
    readonly timeZone: string;
    readonly memberships: Nodes<{
      readonly email: string;
      readonly roles: readonly string[];
      readonly terminatedAt: string | null;
      readonly user: { readonly id: string; readonly givenName: string; readonly familyName: string } | null;
    }>;
  };
  readonly subscription: { readonly id: string; readonly status: string; readonly trialEndsAt: string | null } | null;
  readonly subscriptions: Nodes<{ readonly id: string; readonly status: string }>;
  readonly licenses: Nodes<{ readonly releasedAt: string | null; readonly user: { readonly id: string } | null }>;
  readonly charges: Nodes<ShownCharge>;
  readonly journal: Nodes<{ readonly command: string; readonly actorName: string }>;
}

/** Seats somebody holds now. */
export function seatsIn({ licenses }: Pick<ShownCompany, 'licenses'>): number {
  return licenses.nodes.filter(({ releasedAt }) => releasedAt === null).length;
}

/** Different people who belong to the company now. */
export function peopleIn({ tenant }: Pick<ShownCompany, 'tenant'>): number {
  const live = tenant.memberships.nodes.filter(({ terminatedAt }) => terminatedAt === null);
  return new Set(live.map(({ user }) => user?.id)).size;
}

/** @throws when the hub has no instance for the group */
export async function seeCompany({ graphql }: MaestranoContext, { place, group }: Company): Promise<ShownCompany> {
  const id = await idOf(graphql, place.channelId, 'INSTANCE', group.uid);
  if (id === undefined) throw new Error(`the hub has no instance for ${group.uid}`);
  const { instance } = await graphql.query<{ instance: ShownCompany | null }>(companyQuery, { id });
  if (instance === null) throw new Error(`${id} is not there`);
  return instance;
}

/** One step that looks at the company in GraphQL until it is as it must be: what follows from events takes a moment. */
export async function look(
  context: MaestranoContext,
  title: string,
  company: Company,
  see: (shown: ShownCompany) => StepOutcome,
): Promise<void> {
  await context.transcript.step(title, async () => {
    let outcome: StepOutcome = {};
    await comesTrue(
      async () => {
        outcome = see(await seeCompany(context, company));
        return (outcome.differences ?? []).length === 0;
      },
      settling,
      pause,
    );
    return { operation: 'GraphQL instance', input: { group: company.group.uid }, ...outcome };
  });
}

/** One step that looks at something until it is as it must be. */
export async function eventually(
  context: MaestranoContext,
  title: string,
  see: () => StepOutcome | Promise<StepOutcome>,
  within = settling,
): Promise<void> {
  await context.transcript.step(title, async () => {
    let outcome: StepOutcome = {};
    await comesTrue(
      async () => {
        outcome = await see();
        return (outcome.differences ?? []).length === 0;
      },
      within,
      pause,
    );
    return outcome;
  });
}

/** One step: the hub answers what the marketplace says with this status. */
export async function says(
  { transcript }: MaestranoContext,
  title: string,
  operation: string,
  input: object,
  call: () => Promise<{ readonly status: number; readonly text: string }>,
  wanted: { readonly status?: number; readonly text?: RegExp } = {},
): Promise<string> {
  const { status: wantedStatus = 200, text: wantedText } = wanted;
  let answered = '';
  await transcript.step(title, async () => {
    const { status, text } = await patiently(async () => {
      const answer = await call();
      if (answer.status === 503) throw new HubBusy('the hub is busy');
      return answer;
    });
    answered = text;
    const differences = [
      ...(status === wantedStatus ? [] : [`expected status ${wantedStatus}, came ${status}: ${text.slice(0, 200)}`]),
      ...(wantedText === undefined || wantedText.test(text)
        ? []
        : [`expected ${wantedText}, came ${text.slice(0, 200)}`]),
    ];
    return { operation, input, result: status, meaning: text.slice(0, 80).trim(), differences };
  });
  return answered;
}
