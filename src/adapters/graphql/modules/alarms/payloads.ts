import { Int, ObjectType } from 'type-graphql';
import type { Alarm } from '../../../../core/alarms/index.js';
import { Optional, Required } from '../input-fields.js';
import { AlarmView } from './types.js';

@ObjectType('AlarmPayload', { simpleResolvers: true })
export class AlarmPayload {
  @Optional(() => AlarmView, 'The alarm now; null when it is out of your sight.')
  alarm!: Alarm | null;
}

@ObjectType('IngestAlarmsPayload', { simpleResolvers: true })
export class IngestAlarmsPayload {
  @Required(() => [AlarmView], 'Those that are new.')
  raised!: Alarm[];

  @Required(() => [AlarmView], 'Those that were open and are over now.')
  cleared!: Alarm[];

  @Required(() => Int, 'How many were known already and stay as they are.')
  known!: number;
}
