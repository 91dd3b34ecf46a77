import type { Actor } from '../../../src/core/shared/actor.js';
import type { TestDatabase } from '../../support/databases.js';
import type { CommandServer } from './commands.js';
import { member, operator } from './mercator.js';
import { prmChannel, provider } from './registration-cases.js';
import { makeStage, type Stage } from './stage.js';

export const password = 'unmistakable words';

export interface Registry {
  readonly stage: Stage;
  readonly channelId: string;
  /** A provider that was let in, and who administers it. */
  readonly tenantId: string;
  readonly admin: Actor;
  mutate(mutation: string, input: object, payload?: string, actor?: Actor): ReturnType<CommandServer['mutate']>;
  /** Does it as the provider's administrator, and answers the request it makes. */
  registered(mutation: string, input: object): Promise<{ readonly id: string; readonly approvalId: string }>;
  approve(id: string, more?: object): ReturnType<CommandServer['mutate']>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are as different as the questions of the tests
  read(query: string, actor?: Actor): Promise<any>;
}

export async function makeRegistry(db: TestDatabase, server: CommandServer): Promise<Registry> {
  const stage = await makeStage(db);
  const channelId = await prmChannel(stage);
  const tenantId = await provider(stage);
  const admin = member('usr_00000000000000000000000009', tenantId, ['ADMIN']);
  const mutate: Registry['mutate'] = (mutation, input, payload = '__typename', actor = operator()) =>
    server.mutate(actor, mutation, input, `{ ${payload} }`);
  return {
    stage,
    channelId,
    tenantId,
    admin,
    mutate,
    async registered(mutation, input) {
      const kind = mutation.replace('register', '').toLowerCase();
      const answer = await mutate(mutation, input, `${kind} { id } approval { id }`, admin);
      expect(answer.errors).toBeUndefined();
      const { [kind]: object, approval } = answer.data[mutation];
      return { id: object.id, approvalId: approval.id };
    },
    approve: (id, more = {}) => mutate('decideApproval', { id, approve: true, ...more }, 'approval { status }'),
    async read(query, actor = operator()) {
      const answer = await server.ask(actor, query);
      expect(answer.errors).toBeUndefined();
      return answer.data;
    },
  };
}

/** The operator's account on a channel, as its own protocol would let it in. */
export const desk = (channelId: string, level: number | null = 666): Actor => ({
  kind: 'serviceAccount',
  serviceAccountId: 'sac_00000000000000000000000001',
  username: 'op-desk',
  channelId,
  tenantId: null,
  level,
});
