import { Arg, Int, Resolver, Root, Subscription } from 'type-graphql';
import type { JournalEntryView } from '../../../../core/journal/index.js';
import { reachOf } from '../../../../core/shared/actor.js';
import { DomainError, invalid } from '../../../../core/shared/errors.js';
import { filterInputOf, toFilter } from '../../relay/list-args.js';
import type { MercatorContext } from '../../services.js';
import { followJournal } from './follow.js';
import { JournalEntryType } from './types.js';

interface JournalArgs {
  readonly after?: number | null;
  readonly filter?: object | null;
}

const JournalEntryFilter = filterInputOf('JournalEntry');

/** Throws `token_invalid` for nobody in particular: they would wait for ever. */
function subscribe({
  args,
  context,
}: {
  args: JournalArgs;
  context: MercatorContext;
}): AsyncIterable<JournalEntryView> {
  const { actor, services, signal } = context;
  if (actor.kind === 'anonymous') throw new DomainError('token_invalid');
  if (isNowhere(context)) throw new DomainError('forbidden', { right: 'read' });
  if (args.after !== undefined && args.after !== null && args.after < 0) throw invalid('after', 'must not be below 0');
  return followJournal({
    feed: services.readers.journal,
    tail: services.journalTail,
    actor,
    after: args.after ?? undefined,
    filter: toFilter(args.filter) ?? {},
    signal: signal ?? new AbortController().signal,
  });
}

/** Only streams of entries are refused; lists are merely empty. */
function isNowhere({ actor }: MercatorContext): boolean {
  const reach = reachOf(actor, 'read');
  return !reach.everywhere && reach.tenantIds.length === 0;
}

@Resolver()
export class JournalSubscription {
  @Subscription(() => JournalEntryType, {
    subscribe: subscribe as never,
    description:
      'What happens from now on, or from what followed `after`: sealed entries you may see, in order, each once. To go on after a break, give the `sequence` of the last entry you got.',
  })
  journal(
    @Root() entry: JournalEntryView,
    @Arg('after', () => Int, {
      nullable: true,
      description: 'The `sequence` of the last entry you know; 0 for everything; without it only what is new.',
    })
    _after?: number | null,
    @Arg('filter', () => JournalEntryFilter, { nullable: true, description: 'All conditions given must hold.' })
    _filter?: object | null,
  ): JournalEntryView {
    return entry;
  }
}
