import type { AlarmCondition } from '../../../../core/alarms/index.js';
import { day, toMilliseconds } from '../../../../core/shared/clock.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import type { PlatformGroup } from './groups.js';

/** How old what is known may get before somebody should look why. */
const longFailing = day;

const conditionOf = (channelId: string): AlarmCondition => ({
  type: 'marketplace_directory_failing',
  channelId,
  objectId: channelId,
});

/** Tells of platforms that cannot be read: a line for each new reason, and an alarm for channels that suffer from it. */
export function createTroubles({ alarms, clock, logger }: Pick<MarketplacePorts, 'alarms' | 'clock' | 'logger'>) {
  const problems = new Map<string, string>();
  return {
    async goOn({ source, platform, channels }: PlatformGroup, problem: string): Promise<void> {
      if (problems.get(source) !== problem) {
        problems.set(source, problem);
        const names = channels.map(({ name }) => name);
        logger.warn({ platform: platform.host, channels: names, problem }, 'a developer platform cannot be read');
      }
      const now = toMilliseconds(clock.now());
      for (const { id, name, discovered, discoveredAt } of channels) {
        const known = discovered !== null && discoveredAt !== null;
        if (known && now - toMilliseconds(discoveredAt) < longFailing) continue;
        await alarms.raise({
          ...conditionOf(id),
          once: true,
          info: known
            ? `what is known of ${name} was not confirmed since ${discoveredAt}, and is used as it is`
            : `nothing is known of ${name} yet: nobody signs in through it`,
          additionalInfo: problem,
        });
      }
    },
    async over({ source, channels }: PlatformGroup): Promise<void> {
      if (problems.delete(source)) {
        logger.info({ channels: channels.map(({ name }) => name) }, 'the developer platform can be read again');
      }
      for (const { id } of channels) await alarms.clear(conditionOf(id));
    },
  };
}
