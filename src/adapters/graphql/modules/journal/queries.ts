import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { JournalEntryView } from '../../../../core/journal/index.js';
import { JsonText } from '../../scalars.js';
import type { MercatorContext } from '../../services.js';
import { lists } from '../lists.js';
import { journaledFor } from '../operator-reference.js';
import { relationsOf, rootsOf } from '../reading.js';
import { JournalEntryType } from './types.js';

/** Erased data are undefined; what did not exist is JSON's own null. */
function asJson(data: unknown, { actor }: MercatorContext): string | null {
  if (data === undefined || data === null) return null;
  return JSON.stringify(typeof data === 'object' ? journaledFor(actor, data) : data);
}

@Resolver(() => JournalEntryType)
class JournalEntryFields {
  @FieldResolver(() => JsonText, {
    nullable: true,
    description: 'The object before, without secrets; null when it did not exist, or once erased.',
  })
  before(@Root() entry: JournalEntryView, @Ctx() context: MercatorContext): string | null {
    return asJson(entry.before, context);
  }

  @FieldResolver(() => JsonText, {
    nullable: true,
    description: 'The object afterwards, without secrets; null when there is none, or once erased.',
  })
  after(@Root() entry: JournalEntryView, @Ctx() context: MercatorContext): string | null {
    return asJson(entry.after, context);
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
