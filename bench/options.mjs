import { parseArgs } from 'node:util';

export const usage = `npm run bench -- [options]
  --only a,b        scenarios by name (default: all)
  --rounds N        measured rounds of each scenario (default 5)
  --seconds N       seconds of load per variant and round (default 4)
  --warmup N        seconds of load per variant before the first round (default 4)
  --connections N   keep-alive connections of the load generator (default 16)
  --database D      mysql (at MYSQL_URL, default mysql://root@127.0.0.1:3306) or sqlite
  --small           a twentieth of the data
  --profile         after the rounds: where the hub's CPU goes
  --trace           print the statements of one request per scenario and stop
  --json            the whole result on stdout as JSON
  --write           put the figures into docs/performance.md
`;

const flags = {
  only: { type: 'string' },
  rounds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '4' },
  warmup: { type: 'string', default: '4' },
  connections: { type: 'string', default: '16' },
  database: { type: 'string', default: 'mysql' },
  small: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  trace: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/** Reads the command line. @throws {TypeError} with a text for whoever typed it. */
export function readOptions(argv) {
  const { values } = parseArgs({ args: argv, options: flags, strict: true });
  if (values.database !== 'mysql' && values.database !== 'sqlite')
    throw new TypeError('--database must be mysql or sqlite');
  return {
    ...values,
    only: values.only?.split(',').filter(Boolean),
    rounds: count('rounds', values.rounds),
    seconds: count('seconds', values.seconds),
    warmup: count('warmup', values.warmup),
    connections: count('connections', values.connections),
  };
}

function count(name, text) {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new TypeError(`--${name} must be a number above 0`);
  return value;
}
