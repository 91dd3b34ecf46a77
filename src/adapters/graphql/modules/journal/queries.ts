import { FieldResolver, Resolver, Root } from 'type-graphql';
import type { JournalEntryView } from '../../../../core/journal/index.js';
import { JsonText } from '../../scalars.js';
import { lists } from '../lists.js';
import { relationsOf, rootsOf } from '../reading.js';
import { JournalEntryType } from './types.js';

/** Erased data are undefined; what did not exist is JSON's own null. */
function asJson(data: unknown): string | null {
  return data === undefined || data === null ? null : JSON.stringify(data);
}

@Resolver(() => JournalEntryType)
class JournalEntryFields {
  @FieldResolver(() => JsonText, {
    nullable: true,
    description: 'The object before, without secrets; null when it did not exist, or once erased.',
  })
  before(@Root() entry: JournalEntryView): string | null {
    return asJson(entry.before);
  }

  @FieldResolver(() => JsonText, {
    nullable: true,
    description: 'The object afterwards, without secrets; null when there is none, or once erased.',
  })
  after(@Root() entry: JournalEntryView): string | null {
    return asJson(entry.after);
  }
}

export const journalQueries = [
  rootsOf('journalEntry', 'journal', lists.journal, 'What happened'),
  JournalEntryFields,
  relationsOf<JournalEntryView>(JournalEntryType, {
    one: {
      channel: [lists.channels, (entry) => entry.channelId, 'The channel it came through; null without one.'],
      tenant: [lists.tenants, (entry) => entry.tenantId, 'Whom it concerns; null for the hub’s own.'],
    },
    node: {
      actor: [(entry) => entry.actorId, 'Who did it; null for the system, and for what you may not see.'],
      object: [(entry) => entry.objectId, 'What it happened to.'],
    },
  }),
];
