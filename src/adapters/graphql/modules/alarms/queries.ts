import { FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { type Alarm, type AlarmType, alarmTypeOf, alarmTypes } from '../../../../core/alarms/index.js';
import { lists } from '../lists.js';
import { relationsOf, rootsOf } from '../reading.js';
import { AlarmTypeView, AlarmView } from './types.js';

@Resolver(() => AlarmView)
class AlarmFields {
  @Query(() => [AlarmTypeView], { description: 'The catalogue of alarms, by number: the same on every hub.' })
  alarmTypes(): readonly AlarmType[] {
    return alarmTypes;
  }

  @FieldResolver(() => AlarmTypeView, {
    nullable: true,
    description: 'Its type; null for one that only a newer version of the hub knows.',
  })
  type(@Root() alarm: Alarm): AlarmType | null {
    return alarmTypeOf(alarm.typeNumber) ?? null;
  }
}

export const alarmQueries = [
  rootsOf('alarm', 'alarms', lists.alarms, 'What operators should see'),
  AlarmFields,
  relationsOf<Alarm>(AlarmView, {
    one: {
      channel: [
        lists.channels,
        (alarm) => alarm.channelId,
        'The channel it came through or is about; null for the hub.',
      ],
      tenant: [lists.tenants, (alarm) => alarm.tenantId, 'Whom it concerns; null for nobody in particular.'],
    },
    many: { journal: [lists.journal, 'objectId', 'What happened to it.'] },
    node: { object: [(alarm) => alarm.objectId, 'What it is about; null when that is no object of ours.'] },
  }),
];
