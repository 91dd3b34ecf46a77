import { problemOf } from '../problem.js';
import { nextRequestId } from '../request-id.js';
import { shown, type Transcript } from '../transcript.js';
import type { NecClient } from './nec-client.js';
import { resultMeanings } from './result-codes.js';

export type Answer = Readonly<Record<string, unknown>>;

/** Says what is not as it should be; nothing when all is well. */
export type Check = (answer: Answer) => readonly string[] | undefined;

export interface Expectation {
  /** Result code; 0 unless given. */
  readonly code?: number;
  readonly check?: Check;
  /** A requestId is made up unless one is given. */
  readonly requestId?: string;
}

/** The marketplace's side of the conversation: every call is told and checked. */
export interface Marketplace {
  call(title: string, operation: string, input: object, expectation?: Expectation): Promise<Answer>;
}

export function createMarketplace(client: NecClient, transcript: Transcript): Marketplace {
  return {
    async call(title, operation, input, { code = 0, check, requestId = nextRequestId() } = {}) {
      let answer: Answer = {};
      await transcript.step(title, async () => {
        try {
          answer = await client.call(operation, operation === 'Ping' ? input : { requestId, ...input });
        } catch (error) {
          return { operation, input, differences: [`expected result code ${code}, came: ${problemOf(error)}`] };
        }
        const resultCode = Number(answer.resultCode);
        const differences =
          resultCode === code
            ? (check?.(answer) ?? [])
            : [`expected result code ${code}, came ${resultCode}: ${String(answer.resultMessage ?? '')}`];
        const meaning = resultMeanings[resultCode] ?? 'not a code of this interface';
        return { operation, input, result: resultCode, meaning, differences, seen: seenIn(answer) };
      });
      return answer;
    },
  };
}

/** What the answer says beyond its code, without secrets. */
function seenIn({ resultCode, resultMessage, requestId: _, ...rest }: Answer): string {
  if (Number(resultCode) !== 0) return String(resultMessage ?? '');
  return Object.keys(rest).length === 0 ? '' : shown(rest);
}
