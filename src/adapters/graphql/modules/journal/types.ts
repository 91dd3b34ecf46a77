import { Field, Int } from 'type-graphql';
import type { ActorKind } from '../../../../core/shared/actor.js';
import { connectionOf } from '../../relay/connection.js';
import { registerNodeType } from '../../relay/node.js';
import { readerListArgs } from '../../relay/reader-list.js';
import { NodeType } from '../../relay/view-type.js';
import { DateTime } from '../../scalars.js';
import { MomentField, TextField } from '../fields.js';
import { enumOf } from '../lifecycle.js';

const actorKinds: readonly ActorKind[] = ['system', 'anonymous', 'operator', 'user', 'client', 'serviceAccount'];
export const ActorKinds = enumOf<ActorKind>('ActorKind', actorKinds, 'What kind of caller somebody is.');

@NodeType(
  'JournalEntry',
  'One thing that happened to one object, by whom and through what. The journal is append-only.',
)
export class JournalEntryType {
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Its place in the sealed chain, from 1, without gaps; null for the moment before it is sealed.',
  })
  sequence!: number | null;

  @Field(() => DateTime, { description: 'When it happened.' })
  at!: string;

  @Field(() => ActorKinds, { description: 'What kind of caller did it.' })
  actorKind!: ActorKind;

  @TextField('Who did it, by id; the name of the part for the system.')
  actorId!: string;

  @TextField('Who did it, by name.')
  actorName!: string;

  @TextField('The command.')
  command!: string;

  @TextField('The id of the request it came with, as in the log.')
  requestId!: string;

  @TextField('Why, in the caller’s words; empty when they gave none.')
  reason!: string;

  @TextField('What kind of object it happened to.')
  objectKind!: string;

  @TextField('The object it happened to, by id.')
  objectId!: string;

  @MomentField('When its data were erased; null when they were not.')
  erasedAt!: string | null;
}
registerNodeType('journalEntry', 'JournalEntry');

export const JournalEntryConnection = connectionOf('JournalEntry', () => JournalEntryType);
export const JournalEntryListArgs = readerListArgs('JournalEntry', 'journal', {
  actorKind: { enum: 'ActorKind', values: ActorKinds },
});
