import { acknowledgeAlarm, clearAlarm, ingestAlarms, type ReportedAlarm } from '../../../../core/alarms/index.js';
import { shown, shownAll, TargetInput } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { type AlarmReport, IngestAlarmsInput } from './inputs.js';
import { AlarmPayload, IngestAlarmsPayload } from './payloads.js';

const alarmNow = async ({ context }: Call, id: string): Promise<AlarmPayload> => ({
  alarm: await shown(context, 'alarms', id),
});

export const AlarmMutations = mutationsOf('alarms', {
  acknowledgeAlarm: mutation(
    TargetInput,
    AlarmPayload,
    'Says that you look after an alarm; whoever said so first stays named.',
    async (input, call) => alarmNow(call, await call.change((tx) => acknowledgeAlarm(tx, input))),
  ),
  clearAlarm: mutation(
    TargetInput,
    AlarmPayload,
    'Says that an alarm is over. What goes on nevertheless is raised as a new alarm.',
    async (input, call) => alarmNow(call, await call.change((tx) => clearAlarm(tx, input))),
  ),
  ingestAlarms: mutation(
    IngestAlarmsInput,
    IngestAlarmsPayload,
    'Takes over what a gateway reports; the same reports again change nothing.',
    async ({ channelId, alarms }, call) => {
      const input = { channelId: channelId ?? '', alarms: alarms.map(reportOf) };
      const done = await call.run(async (tx) => {
        const { raised, cleared, known } = await ingestAlarms(tx, input);
        return { raised: raised.map(({ id }) => id), cleared: cleared.map(({ id }) => id), known };
      });
      const { context } = call;
      return {
        raised: await shownAll(context, 'alarms', done.raised),
        cleared: await shownAll(context, 'alarms', done.cleared),
        known: done.known,
      };
    },
  ),
});

/** A `null` says as little as an absent field: a report is no change. */
function reportOf(report: AlarmReport): ReportedAlarm {
  const said = Object.entries(report).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(said) as unknown as ReportedAlarm;
}
