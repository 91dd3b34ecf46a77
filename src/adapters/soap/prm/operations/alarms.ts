import type { AlarmFilter } from '../../../../core/alarms/index.js';
import { checkWindow } from '../../../../core/shared/window.js';
import type { Input, Operation, PrmCall } from '../context.js';
import { account, optional } from '../scope.js';

function filterOf(input: Input): AlarmFilter {
  const filter = {
    typeNumber: input.alarmId as number | undefined,
    severity: optional(input, 'severity') as AlarmFilter['severity'],
    from: optional(input, 'fromDate'),
    to: optional(input, 'toDate'),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

const history = (call: PrmCall) => call.ports.readers.alarmHistory;

const countAlarms: Operation = (input, call) => history(call).count(account(call), filterOf(input));

const listAlarms: Operation = async (input, call) => {
  const window = checkWindow(input.startIndex as bigint, input.maxEntries as number);
  const alarms = await history(call).list(account(call), filterOf(input), window);
  return alarms.map((alarm) => ({
    alarmInstanceId: alarm.instanceNumber,
    alarmId: alarm.typeNumber,
    source: alarm.source,
    severity: alarm.severity,
    timeStamp: alarm.occurredAt,
    info: alarm.info,
    additional_info: alarm.additionalInfo === '' ? undefined : alarm.additionalInfo,
  }));
};

export const alarmOperations = { countAlarms, listAlarms };
