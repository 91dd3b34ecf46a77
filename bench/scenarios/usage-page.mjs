import { graphqlRequest, pick } from './requests.mjs';

const text = `query Usage($channelId: ID!, $from: DateTime!) {
  usageRecords(first: 100, filter: { channelId: { eq: $channelId }, occurredAt: { gte: $from } }) {
    nodes {
      id transactionId serviceName occurredAt originAddress destinationAddress providerExternalId applicationExternalId
      completionStatus
    }
  }
}`;

const request = ({ prmChannelId }, token, from) => graphqlRequest(token, text, { channelId: prmChannelId, from });

/** By position, at depth, is another question: test/proofs/deep-paging.prove.ts. */
export const usagePage = {
  name: 'usage-page',
  title: 'GraphQL list: 100 usage records of a channel from an instant on',
  variants: ['hub', 'ceiling'],
  goals: [],
  expects: '"data":{',
  sample: (world, { token }) => request(world, token, world.usageInstants[200]),
  comparable: (answer) => JSON.stringify(JSON.parse(answer)),
  requests:
    (world, { token }) =>
    () =>
      request(world, token, pick(world.usageInstants)),
};
