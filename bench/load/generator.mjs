/** The load: a process of its own, so that its CPU is never counted as a server's. Runs what it is told over IPC. */
import { readFileSync } from 'node:fs';
import { scenarios } from '../scenarios/index.mjs';
import { openConnection, requestBytes } from './connection.mjs';

process.on('message', async (job) => {
  try {
    process.send({ result: await run(job) });
  } catch (error) {
    process.send({ error: String(error?.stack ?? error) });
  }
});
process.on('disconnect', () => process.exit(0));

/** Closed loop: each connection sends its next request when the last answer is there. */
async function run({ scenario: name, worldFile, port, seconds, connections, token, salt }) {
  const world = JSON.parse(readFileSync(worldFile, 'utf8'));
  const scenario = scenarios.find((candidate) => candidate.name === name);
  const expected = Buffer.from(scenario.expects);
  const batch = scenario.batch ?? 1;
  const latencies = [];
  const bad = [];
  let failures = 0;
  const clients = await Promise.all(
    Array.from({ length: connections }, async (_, index) => ({
      connection: await openConnection(port),
      next: scenario.requests(world, { index, connections, token, salt }),
    })),
  );
  const started = performance.now();
  const until = started + seconds * 1_000;
  await Promise.all(
    clients.map(async ({ connection, next }) => {
      let now = performance.now();
      let previous;
      for (let sent = 0; now < until || sent % batch !== 0; sent += 1) {
        const answer = await connection.send(requestBytes(next(previous), port));
        if (batch > 1) previous = answer.toString('latin1');
        const after = performance.now();
        latencies.push(after - now);
        now = after;
        if (answer.latin1Slice(9, 12) === '200' && answer.includes(expected)) continue;
        failures += 1;
        if (bad.length < 3) bad.push(answer.toString('utf8').slice(0, 1_500));
      }
    }),
  );
  const elapsed = (performance.now() - started) / 1_000;
  for (const { connection } of clients) connection.close();
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  return { requests: latencies.length, failures, bad, elapsed, p50: at(0.5), p99: at(0.99) };
}
