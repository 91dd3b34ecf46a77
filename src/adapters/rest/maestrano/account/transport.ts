import { writeBasic } from '../../../../platform/basic-credentials.js';
import { reasonOf } from '../../../../platform/failure-cause.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import type { Connection } from '../connection.js';
import { shownForm, shownJson } from '../shown-text.js';
import { AccountFailure, type FailureKind, textOf } from './failure.js';
import { envelopeShape } from './shapes.js';

export interface Question {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the API's base, every part encoded: `account/bills/bill-77`. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly form?: URLSearchParams;
  /** Ends the call sooner than the usual patience. */
  readonly signal?: AbortSignal | undefined;
}

/** Asks the account API and answers `data`; throws `AccountFailure`. */
export type Ask = (question: Question) => Promise<unknown>;

export type TransportPorts = Pick<MarketplacePorts, 'fetch' | 'patienceMs' | 'record' | 'ids'>;

export function createTransport(ports: TransportPorts, channelId: string, { api }: Pick<Connection, 'api'>): Ask {
  const authorization = writeBasic({ username: api.id, password: api.key });
  return async (question) => {
    const { method, path, query, form, signal } = question;
    const url = `${api.host}${api.base}${path}${query === undefined ? '' : `?${query}`}`;
    const begun = performance.now();
    const patience = AbortSignal.timeout(ports.patienceMs);
    let status = 0;
    let answer = '';
    try {
      const response = await ports.fetch(url, {
        method,
        headers: { accept: 'application/json', authorization, 'user-agent': 'Mercator' },
        ...(form !== undefined && { body: form }),
        redirect: 'manual',
        signal: signal === undefined ? patience : AbortSignal.any([patience, signal]),
      });
      status = response.status;
      answer = await response.text();
    } catch (error) {
      throw new AccountFailure('unanswered', `${method} ${path}: ${reasonOf(error)}`);
    } finally {
      ports.record({
        direction: 'out',
        protocol: 'maestrano',
        channelId,
        operation: `${method} ${path.replace(/(bills|groups|users|resellers)\/(?!authenticate)[^/]+/, '$1/:id')}`,
        requestId: ports.ids.next('request'),
        status,
        durationMs: performance.now() - begun,
        request: `${method} ${url}${form === undefined ? '' : `\n\n${shownForm(String(form))}`}`,
        response: shownJson(answer),
      });
    }
    return read(`${method} ${path}`, status, answer);
  };
}

/** HTTP says little (a missing record is a 200): what counts is `success`, once it is clear that it is the API that speaks. */
function read(what: string, status: number, answer: string): unknown {
  const envelope = envelopeShape.safeParse(parsed(answer));
  const errors = envelope.success ? envelope.data.errors : {};
  const kind = kindOf(status, envelope.success);
  if (kind === undefined && envelope.success && envelope.data.success) return envelope.data.data;
  const said = textOf(errors);
  const reason = envelope.success ? said || 'it gives no reason' : 'the answer cannot be read';
  throw new AccountFailure(kind ?? 'refused', `${what}: ${status}, ${reason}`, errors);
}

function kindOf(status: number, readable: boolean): FailureKind | undefined {
  if (status === 401 || status === 403) return 'denied';
  if (status === 429) return 'busy';
  if (!readable || status >= 500 || status === 408 || status === 425) return 'unanswered';
  return status >= 200 && status < 300 ? undefined : 'refused';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
