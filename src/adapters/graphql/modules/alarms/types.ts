import { Field, Int } from 'type-graphql';
import { type AlarmSeverity, alarmSeverities } from '../../../../core/alarms/index.js';
import { connectionOf } from '../../relay/connection.js';
import { registerNodeType } from '../../relay/node.js';
import { readerListArgs } from '../../relay/reader-list.js';
import { NodeType, ViewType } from '../../relay/view-type.js';
import { DateTime, Int64 } from '../../scalars.js';
import { CreatedAtField, MomentField, TextField, VersionField } from '../fields.js';
import { enumOf } from '../lifecycle.js';

export const AlarmSeverities = enumOf<AlarmSeverity>('AlarmSeverity', alarmSeverities, 'How bad it is.');

@NodeType('Alarm', 'Something an operator should see: found by the hub itself, or reported by a gateway.')
export class AlarmView {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => Int64, { description: 'What outsiders know it by; higher than that of every alarm there was before.' })
  instanceNumber!: bigint;

  @Field(() => Int, { description: 'What outsiders know its type by.' })
  typeNumber!: number;

  @Field(() => AlarmSeverities, { description: 'How bad it is.' })
  severity!: AlarmSeverity;

  @TextField('The part of the hub that raised it and the address of its server; of a gateway, its own words.')
  source!: string;

  @Field(() => DateTime, { description: 'When it happened first.' })
  occurredAt!: string;

  @Field(() => DateTime, { description: 'When it happened last while open.' })
  lastAt!: string;

  @Field(() => Int, { description: 'How often it happened while open, from 1.' })
  repeatCount!: number;

  @TextField('What happened.')
  info!: string;

  @TextField('More about the last time it happened; may be empty.')
  additionalInfo!: string;

  @TextField('What tells alarms of one type about one object apart, such as an address; may be empty.')
  subject!: string;

  @Field(() => String, { nullable: true, description: 'The gateway’s own id of it; null when it has none.' })
  externalId!: string | null;

  @MomentField('When it ends by itself; null when something has to be done.')
  endsAt!: string | null;

  @MomentField('Since when somebody looks after it; null before.')
  acknowledgedAt!: string | null;

  @TextField('Who looks after it, by id; empty before.')
  acknowledgedBy!: string;

  @MomentField('Since when it is over; null while it goes on.')
  clearedAt!: string | null;

  @TextField('Who said that it is over, by id; the name of the part for the hub; empty before.')
  clearedBy!: string;
}
registerNodeType('alarm', 'Alarm');

@ViewType('AlarmType', 'A row of the catalogue of alarms.')
export class AlarmTypeView {
  @Field(() => Int, { description: 'What outsiders know it by; never given to another type.' })
  number!: number;

  @TextField('Its name.')
  name!: string;

  @TextField('The part of the hub that raises it; `gateway` for what gateways report.')
  module!: string;

  @Field(() => AlarmSeverities, { description: 'How bad it is, unless a gateway says otherwise.' })
  severity!: AlarmSeverity;

  @TextField('What it says.')
  text!: string;
}

export const AlarmConnection = connectionOf('Alarm', () => AlarmView);
export const AlarmListArgs = readerListArgs('Alarm', 'alarms', {
  severity: { enum: 'AlarmSeverity', values: AlarmSeverities },
});
