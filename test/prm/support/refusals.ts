import type { Reply } from './caller.js';
import type { PrmHub } from './hub.js';
import type { FaultName } from './operations.js';

/** Entries of the journal: whatever changes anything leaves one. */
export async function journalEntries({ persistence }: PrmHub): Promise<number> {
  await persistence.journalChain.seal(100_000);
  return persistence.readers.journal.head();
}

/** Calls, and checks that the answer is that fault, for that reason where one is given, and that nothing was done. */
export async function expectRefusal(
  hub: PrmHub,
  fault: FaultName,
  call: () => Promise<Reply>,
  reason = /\w/,
): Promise<Reply> {
  const before = await journalEntries(hub);
  const reply = await call();
  expect({ fault: reply.fault, text: reply.faultText }).toEqual({ fault, text: expect.stringMatching(reason) });
  expect(await journalEntries(hub)).toBe(before);
  return reply;
}
