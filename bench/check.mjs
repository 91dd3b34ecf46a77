import { readFileSync } from 'node:fs';
import { openSql } from './ceiling/sql.mjs';
import { openConnection, requestBytes } from './load/connection.mjs';
import { tokenFrom } from './servers.mjs';
import { writtenTables } from './written-tables.mjs';

/**
 * Sends each scenario's sample to every variant and compares: the answers, and for writes how many rows each table gained.
 * @returns the statements each variant sent for it, and those of the others that the hub does not send.
 * @throws when something differs: figures of unequal work mean nothing.
 */
export async function checkAll(scenarios, servers, databaseUrl) {
  const world = JSON.parse(readFileSync(servers.worldFile, 'utf8'));
  const sql = await openSql(databaseUrl);
  try {
    const checks = [];
    for (const scenario of scenarios) checks.push(await check(scenario, world, servers, sql));
    return checks;
  } finally {
    await sql.close();
  }
}

async function check(scenario, world, servers, sql) {
  const seen = {};
  const statements = {};
  for (const [place, variant] of scenario.variants.entries()) {
    const server = servers.get(variant);
    const token = await tokenFrom(servers.get('hub').port);
    const connection = await openConnection(server.port);
    const state = {};
    const send = async (turn) => {
      const request = scenario.sample(world, { token, place, turn, state });
      const answer = (await connection.send(requestBytes(request, server.port))).toString('utf8');
      const end = answer.indexOf('\r\n\r\n');
      state.previous = bodyOf(answer.slice(0, end), answer.slice(end + 4));
      return state.previous;
    };
    const batch = scenario.batch ?? 1;
    for (let turn = 0; turn < 2 * batch; turn += 1) await send(turn); // caches are warm in what is measured, too
    await new Promise((resolve) => setTimeout(resolve, 700)); // what was recorded of these is written meanwhile
    await server.ask('startTrace');
    const before = scenario.writes ? await countRows(sql) : undefined;
    const answers = [];
    for (let turn = 2 * batch; turn < 3 * batch; turn += 1) answers.push(await send(turn));
    statements[variant] = (await server.ask('stopTrace')).filter((text) => !isPolling(text));
    const gained = before && difference(before, await countRows(sql));
    connection.close();
    seen[variant] = {
      answer: answers.map((answer) => comparable(scenario, variant, answer)).join('\n'),
      gained: JSON.stringify(gained),
    };
  }
  const [first, ...others] = scenario.variants;
  for (const other of others) {
    for (const what of ['answer', 'gained']) {
      if (seen[first][what] === seen[other][what]) continue;
      throw new Error(
        `${scenario.name}: ${what} differs\n${first}: ${seen[first][what]}\n${other}: ${seen[other][what]}`,
      );
    }
  }
  const sent = new Set(statements[first].map(flat));
  const foreign = others.flatMap((variant) => statements[variant].map(flat).filter((text) => !sent.has(text)));
  return { scenario: scenario.name, statements, foreign };
}

const flat = (text) => text.replaceAll(/\s+/g, ' ');

function comparable(scenario, variant, answer) {
  try {
    return scenario.comparable(answer);
  } catch (error) {
    throw new Error(`${scenario.name}, ${variant}: ${error.message}\n${answer}`);
  }
}

/** The loops of a hub, which run beside every request. */
function isPolling(text) {
  return text.includes('revocations') && text.startsWith('SELECT');
}

function bodyOf(head, body) {
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return body;
  let out = '';
  for (let at = 0; ; ) {
    const line = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.slice(at, line), 16);
    if (size === 0) return out;
    out += body.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}

async function countRows(sql) {
  const counts = {};
  for (const table of writtenTables) {
    const [row] = await sql.all(`SELECT COUNT(*) AS total FROM ${table}`, []);
    counts[table] = Number(row.total);
  }
  return counts;
}

function difference(before, after) {
  return Object.fromEntries(
    Object.entries(after)
      .map(([table, total]) => [table, total - before[table]])
      .filter(([, gained]) => gained !== 0),
  );
}
