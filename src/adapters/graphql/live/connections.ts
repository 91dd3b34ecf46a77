import type { Actor } from '../../../core/shared/actor.js';
import { actorId } from '../../../core/shared/actor.js';
import type { GraphqlSettings } from '../settings.js';

/** A connection that stays open: an event stream or a WebSocket. */
export interface LiveConnection {
  readonly actor: Actor;
  readonly address: string;
  /** The same check that let it in; throws when the credential no longer holds. */
  authenticate(): Promise<Actor>;
  close(reason: CloseReason): void;
}

export type CloseReason = 'unauthenticated' | 'changed' | 'shutdown';

export interface LiveConnections {
  /** Counts the connection in, or returns undefined when there are too many. The function returned counts it out. */
  open(connection: LiveConnection): (() => void) | undefined;
  /** Checks those of one actor again, at once; of all without an id. */
  recheck(actorId?: string): Promise<void>;
  readonly size: number;
  /** No more of anybody's. */
  readonly full: boolean;
  stop(): void;
}

type LiveSettings = Pick<GraphqlSettings, 'connections' | 'connectionsPerCaller' | 'recheckInterval'>;

function callerOf(connection: LiveConnection): string {
  return actorId(connection.actor) || connection.address;
}

/**
 * A connection lives as long as its actor stays what it was when it opened: when the credential ends, or its rights change, the
 * connection is closed and the client comes back with what it has.
 */
export function createLiveConnections(settings: LiveSettings): LiveConnections {
  const open = new Set<LiveConnection>();
  const perCaller = new Map<string, number>();

  const check = async (connection: LiveConnection) => {
    try {
      const actor = await connection.authenticate();
      if (JSON.stringify(actor) !== JSON.stringify(connection.actor)) connection.close('changed');
    } catch {
      // Whatever the reason is: a credential that cannot be confirmed ends the connection.
      connection.close('unauthenticated');
    }
  };
  const recheck = async (id?: string) => {
    const concerned = [...open].filter((connection) => id === undefined || actorId(connection.actor) === id);
    await Promise.all(concerned.map(check));
  };
  const timer = setInterval(() => void recheck(), settings.recheckInterval);
  timer.unref();

  return {
    open(connection) {
      const caller = callerOf(connection);
      const ofCaller = perCaller.get(caller) ?? 0;
      if (open.size >= settings.connections || ofCaller >= settings.connectionsPerCaller) return undefined;
      open.add(connection);
      perCaller.set(caller, ofCaller + 1);
      return () => {
        if (!open.delete(connection)) return;
        const left = perCaller.get(caller)! - 1;
        if (left > 0) perCaller.set(caller, left);
        else perCaller.delete(caller);
      };
    },
    recheck,
    get size() {
      return open.size;
    },
    get full() {
      return open.size >= settings.connections;
    },
    stop() {
      clearInterval(timer);
      for (const connection of open) connection.close('shutdown');
    },
  };
}
