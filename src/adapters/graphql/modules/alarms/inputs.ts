import { ID, InputType, Int } from 'type-graphql';
import type { AlarmSeverity } from '../../../../core/alarms/index.js';
import { DateTime } from '../../scalars.js';
import { CommandInput } from '../command.js';
import { Optional, Required } from '../input-fields.js';
import { AlarmSeverities } from './types.js';

@InputType('AlarmReport', { description: 'One alarm as a gateway reports it.' })
export class AlarmReport {
  @Optional(() => String, 'The gateway’s own id of it, unique for its source; reported again, it is known.')
  externalId?: string | null;

  @Required(() => Int, 'A type of the catalogue that is for gateways.')
  typeNumber!: number;

  @Optional(() => AlarmSeverities, 'Absent: the type’s.')
  severity?: AlarmSeverity | null;

  @Required(() => String, 'The gateway’s module and address.')
  source!: string;

  @Optional(() => DateTime, 'When it happened; absent: now, or when it was over.')
  occurredAt?: string | null;

  @Optional(() => DateTime, 'When it was over; absent while it goes on.')
  clearedAt?: string | null;

  @Required(() => String, 'What happened; at most 2,000 characters.')
  info!: string;

  @Optional(() => String, 'More about it; at most 2,000 characters.')
  additionalInfo?: string | null;

  @Optional(() => ID, 'Whom it concerns.')
  tenantId?: string | null;
}

@InputType('IngestAlarmsInput')
export class IngestAlarmsInput extends CommandInput {
  @Optional(() => ID, 'The gateway’s channel; absent: alarms of the hub’s own surroundings.')
  channelId?: string | null;

  @Required(() => [AlarmReport], '1 to 500; all of them are taken over, or none.')
  alarms!: AlarmReport[];
}
