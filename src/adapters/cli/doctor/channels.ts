import { systemActor } from '../../../core/shared/actor.js';
import { day, toMilliseconds } from '../../../core/shared/clock.js';
import type { CliHub } from '../ports.js';
import { type Finding, failed, ok, skipped } from './check.js';

const actor = systemActor('doctor');
/** Confirmed twice a day; older than this, something is wrong. */
const oldest = day;

/**
 * Is known of every channel that is listed in a directory where its marketplace is, and does that lead here? One that was never read is
 * passed over with a word: it may have been configured a moment ago, and an alarm tells of it when it goes on.
 */
export async function checkChannels(
  hub: Pick<CliHub, 'readers' | 'clock' | 'config' | 'describeChannels' | 'problemsOfChannel'>,
): Promise<Finding[]> {
  const filter = { protocol: { eq: 'maestrano' }, disabledAt: { eq: null } } as const;
  const { nodes } = await hub.readers.channels.page(actor, { first: 200, filter });
  const connections = await hub.describeChannels(nodes.map(({ id }) => id));
  const problems = await Promise.all(nodes.map(({ id }) => hub.problemsOfChannel(id)));
  const now = toMilliseconds(hub.clock.now());
  const origin = new URL(hub.config.publicUrl).origin;
  return nodes.map(({ name, discoveredAt, suspendedAt }, index) => {
    const connection = connections[index];
    const [problem] = problems[index]!;
    if (problem !== undefined) {
      const what = `${name}: ${problem}, nobody signs in`;
      return failed(
        'channel',
        what,
        'Mend its settings: a seed file and `mercator apply`, or updateChannel in GraphQL.',
      );
    }
    const discover = `\`mercator channel discover ${name}\` asks now and says what comes back.`;
    if (connection === undefined || connection === null) {
      return skipped('channel', `${name}: its developer platform has told nothing yet. ${discover}`);
    }
    if (suspendedAt !== null) {
      return failed('channel', `${name}: not listed by its platform since ${suspendedAt}, nobody signs in`, discover);
    }
    if (discoveredAt !== null && now - toMilliseconds(discoveredAt) > oldest) {
      return failed('channel', `${name}: its platform was last read ${discoveredAt}`, discover);
    }
    if (new URL(connection.applicationHost).origin !== origin) {
      const detail = `${name}: its platform sends browsers to ${connection.applicationHost}, PUBLIC_URL is ${origin}`;
      return failed('channel', detail, 'Mend the address there, or PUBLIC_URL here: nobody can sign in.');
    }
    return ok('channel', `${name}: its marketplace is at ${connection.apiHost}`);
  });
}
