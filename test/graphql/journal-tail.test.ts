import { createJournalTail } from '../../src/adapters/graphql/index.js';
import { eventually } from '../support/eventually.js';

/** A head by hand, with how often it was asked for. */
function headAt(start: number) {
  const state = { value: start, asked: 0, fails: false };
  const head = async () => {
    state.asked += 1;
    if (state.fails) throw new Error('the database is away');
    return state.value;
  };
  return { state, head };
}
const never = () => new AbortController().signal;

test('whoever waits is told once the head is beyond what they know, all by one look', async () => {
  const { state, head } = headAt(5);
  const tail = createJournalTail({ head }, 5);
  const told: string[] = [];
  const first = tail.beyond(5, never()).then(() => told.push('first'));
  const second = tail.beyond(6, never()).then(() => told.push('second'));
  state.value = 6;
  await first;
  expect(told).toEqual(['first']);
  state.value = 7;
  await second;
  expect(told).toEqual(['first', 'second']);
});

test('a kick looks at once; nobody looks while nobody waits', async () => {
  const { state, head } = headAt(5);
  const tail = createJournalTail({ head }, 3_600_000);
  tail.kick();
  expect(state.asked).toBe(0);
  const waiting = tail.beyond(5, never());
  expect(state.asked).toBe(0);
  state.value = 6;
  tail.kick();
  await waiting;
  expect(state.asked).toBe(1);
  tail.kick();
  expect(state.asked).toBe(1);
});

test('a kick during a look makes another one', async () => {
  const answers: ((head: number) => void)[] = [];
  const tail = createJournalTail({ head: () => new Promise((resolve) => answers.push(resolve)) }, 3_600_000);
  const waiting = tail.beyond(5, never());
  tail.kick();
  tail.kick(); // sealed after the first look had begun
  answers[0]!(5);
  await eventually(() => answers.length === 2);
  answers[1]!(6);
  await waiting;
});

test('an aborted wait ends at once and stops the looking', async () => {
  const { state, head } = headAt(5);
  const tail = createJournalTail({ head }, 1);
  const stop = new AbortController();
  const waiting = tail.beyond(5, stop.signal);
  stop.abort();
  await waiting;
  await expect(tail.beyond(5, stop.signal)).resolves.toBeUndefined();
  const { asked } = state;
  tail.kick();
  expect(state.asked).toBe(asked);
});

test('whoever waits hears that the database cannot be asked', async () => {
  const { state, head } = headAt(5);
  state.fails = true;
  const tail = createJournalTail({ head }, 1);
  await expect(tail.beyond(5, never())).rejects.toThrow('away');
});
