/** Two operators answer one request at the same time, both over SOAP or one in GraphQL: one is right, one is told INVALID_STATE. */
import { type Bean, createCaller, passwordText, type Reply } from '../prm/support/caller.js';
import { graphqlClient } from '../support/graphql-call.js';
import { startHub } from '../support/hub.js';
import { hold, type ProofContext, proofDialects, tally } from '../support/proof.js';

const desk = { username: 'op-desk', password: 'change-me-Op-1' };
const otherDesk = { username: 'op-desk-2', password: 'change-me-Op-2' };
const provider = { username: 'sp-orchid', password: 'change-me-Sp-1' };
const spAccountId = provider.username;

const openApproval = `query($filter: ApprovalListFilter) { approvals(first: 1, filter: $filter) { nodes { id } } }`;
const decide = `mutation($input: DecideApprovalInput!) { decideApproval(input: $input) { approval { status } } }`;

export async function prove({ short, resume, progress }: ProofContext): Promise<object> {
  const rounds = short ? 50 : 1_000;
  const figures: Record<string, object> = {};
  for (const dialect of await proofDialects()) {
    figures[dialect] = await resume(dialect, () => proveOn(dialect, rounds, (text) => progress(`${dialect}: ${text}`)));
  }
  return { rounds, ...figures };
}

async function proveOn(dialect: 'sqlite' | 'mysql', rounds: number, progress: (text: string) => void): Promise<object> {
  const hub = await startHub({
    dialect,
    seed: (seed) => {
      seed.serviceAccounts!.push({ channel: 'gatekeeper', ...otherDesk, level: 'READ_WRITE' });
    },
  });
  try {
    const urls = [hub.publicUrl];
    if (dialect === 'mysql') urls.push((await hub.join()).url);
    const [first, second] = [urls[0]!, urls[urls.length - 1]!];
    const ops = [createCaller(first, passwordText(desk)), createCaller(second, passwordText(otherDesk))] as const;
    const sp = createCaller(first, passwordText(provider));
    const graphql = graphqlClient(hub.publicUrl);
    await done(ops[0]('OpService', 'createAppGroup', { appGroupId: 'race', appGroup: { sla: '<Sla/>' } }));

    /** Answers of both, `done` or the fault's name; the second one in GraphQL in every other round. */
    async function contest(operation: string, input: Bean, inGraphql: boolean) {
      const answers = ['APPROVE', operation.startsWith('register') ? 'APPROVE' : 'DISAPPROVE'];
      const soap = (at: 0 | 1) => ops[at]('OpService', operation, { ...input, response: answers[at]! });
      const id = inGraphql ? await approvalId() : '';
      const other = inGraphql ? inHub(id, answers[1] === 'APPROVE') : soap(1).then(outcome);
      const racers = [soap(0).then(outcome), other];
      return (await Promise.all(racers)).sort();
    }

    async function inHub(id: string, approve: boolean): Promise<string> {
      const answer = await graphql(decide, { input: { id, approve } }, second);
      return answer.errors === undefined ? 'done' : graphqlOutcome(answer.errors[0]?.extensions?.code);
    }

    async function approvalId(): Promise<string> {
      const answer = await graphql.ok(openApproval, { filter: { status: { eq: 'OPEN' } } });
      return answer.approvals.nodes[0].id;
    }

    const seen: string[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const account = { spAccountId, appAccountId: `race-${round}` };
      const own = { appAccountId: account.appAccountId };
      const inGraphql = round % 2 === 0;
      await done(sp('SpService', 'registerAppAccountReq', { ...own, app: { Name: 'First' } }));
      const ref = { appGroupId: 'race', appAccountRef: 'R' };
      seen.push(String(await contest('registerAppAccountRes', { ...account, ...ref }, inGraphql)));
      await done(sp('SpService', 'updateAppAccountReq', { ...own, app: { Name: 'Second' } }));
      seen.push(String(await contest('updateAppAccountRes', account, inGraphql)));
      const state = (await ops[0]('OpService', 'getAppAccountState', account)).value;
      hold(state === 'ACTIVE', 'after both answers the account is ACTIVE', state);
      if (round % 100 === 0) progress(`${round} of ${rounds} rounds`);
    }
    const kinds = tally(seen);
    hold(
      Object.keys(kinds).join() === 'INVALID_STATE,done',
      'of two answers one is right and one INVALID_STATE',
      kinds,
    );
    return { processes: urls.length, contests: seen.length, outcomes: kinds };
  } finally {
    await hub.close();
  }
}

function outcome(reply: Reply): string {
  return reply.fault ?? 'done';
}

/** WRONG_STATE is what GraphQL calls it. */
function graphqlOutcome(code: unknown): string {
  return code === 'WRONG_STATE' ? 'INVALID_STATE' : String(code);
}

async function done(reply: Promise<Reply>): Promise<void> {
  const { fault, faultText } = await reply;
  hold(fault === undefined, 'the call goes through', `${fault}: ${faultText}`);
}
