/**
 * Loaded into every measured process (`node --import`): answers over IPC how much CPU it used, profiles itself and lists the
 * statements it sends. Costs nothing until asked.
 */

import { Session } from 'node:inspector/promises';
import { createRequire } from 'node:module';

let session;
const statements = [];

const answers = {
  cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  async startProfile() {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 500 });
    await session.post('Profiler.start');
  },
  async stopProfile() {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    return profile;
  },
  startTrace() {
    statements.length = 0;
  },
  stopTrace: () => statements.splice(0),
};

process.on('message', async ({ id, ask }) => {
  try {
    process.send({ id, answer: (await answers[ask]()) ?? null });
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) });
  }
});
process.channel?.unref();
process.on('disconnect', () => process.exit(1));

if (process.env.BENCH_TRACE === '1') watchStatements();

/** Before the first statement is prepared; a process that traces is not measured. */
function watchStatements() {
  const require = createRequire(import.meta.url);
  const { Connection } = require('mysql2');
  for (const method of ['execute', 'query']) {
    const original = Connection.prototype[method];
    Connection.prototype[method] = function (sql, ...rest) {
      statements.push(typeof sql === 'string' ? sql : sql.sql);
      return original.call(this, sql, ...rest);
    };
  }
  const Libsql = require('libsql');
  const { prepare } = Libsql.prototype;
  Libsql.prototype.prepare = function (text) {
    const made = prepare.call(this, text);
    for (const method of ['all', 'run', 'get']) {
      const original = made[method].bind(made);
      made[method] = (...params) => {
        statements.push(text);
        return original(...params);
      };
    }
    return made;
  };
}
