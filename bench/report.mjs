import { readFile, writeFile } from 'node:fs/promises';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './server-process.mjs';
import { ratios, spread } from './stats.mjs';

export function environmentOf(database) {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return {
    node: process.version,
    database,
    cpu: cpu.model,
    cores: cpus().length,
    memory,
    system: `${platform()} ${arch()}`,
  };
}

/** What is kept and shown of one scenario. */
export function summarize({ scenario, rounds, profiles, check }) {
  const variants = scenario.variants.map((variant) => {
    const of = (field) => spread(rounds[variant].map((round) => round[field]));
    return {
      variant,
      perSecond: of('perSecond'),
      cpuPerRequest: of('cpuPerRequest'),
      p50: of('p50'),
      p99: of('p99'),
      statements: check.statements[variant].length,
      rounds: rounds[variant],
    };
  });
  const comparisons = scenario.variants
    .filter((variant) => variant !== 'hub')
    .map((base) => ({ variant: 'hub', base, ...ratios(rounds.hub, rounds[base]) }));
  if (scenario.variants.includes('soap package')) {
    comparisons.push({ variant: 'soap package', base: 'ceiling', ...ratios(rounds['soap package'], rounds.ceiling) });
  }
  const goals = scenario.goals.map(({ to, byCpu }) => {
    const { median } = comparisons.find(({ variant, base }) => variant === 'hub' && base === to).byCpu;
    return { to, expected: byCpu, reached: median };
  });
  const { name, title } = scenario;
  return { name, title, foreign: check.foreign, variants, comparisons, goals, profiles };
}

const number = (value, digits = 0) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const range = ({ min, median, max }) => `${min.toFixed(3)} / **${median.toFixed(3)}** / ${max.toFixed(3)}`;

function tables({ scenarios }) {
  const ratioRows = scenarios.flatMap(({ title, comparisons, goals }) =>
    comparisons.map(({ variant, base, byRequests, byCpu }) => {
      const goal = variant === 'hub' ? goals.find(({ to }) => to === base) : undefined;
      return `| ${title} | ${variant} ÷ ${base} | ${range(byRequests)} | ${range(byCpu)} | ${goal ? `≥ ${goal.expected}` : ''} |`;
    }),
  );
  const plainRows = scenarios.flatMap(({ title, variants }) =>
    variants.map(
      ({ variant, perSecond, cpuPerRequest, p99, statements }) =>
        `| ${title} | ${variant} | ${number(perSecond.median)} | ${number(cpuPerRequest.median)} | ${number(p99.median, 1)} | ${statements} |`,
    ),
  );
  return [
    '| scenario | ratio | by requests: min / median / max | by CPU per request: min / median / max | expected by CPU |',
    '|---|---|---|---|---|',
    ...ratioRows,
    '',
    '| scenario | variant | requests/s | CPU µs per request | p99 ms | statements |',
    '|---|---|---:|---:|---:|---:|',
    ...plainRows,
  ].join('\n');
}

export function printTable(result) {
  process.stdout.write(`${tables(result).replaceAll('**', '')}\n`);
  for (const { title, profiles } of result.scenarios) {
    for (const [variant, { packages, functions }] of Object.entries(profiles)) {
      process.stdout.write(`\n${title}, ${variant}: CPU by package\n`);
      for (const { name, share } of packages)
        process.stdout.write(`  ${(share * 100).toFixed(1).padStart(5)} %  ${name}\n`);
      process.stdout.write('  by function\n');
      for (const { name, share } of functions)
        process.stdout.write(`  ${(share * 100).toFixed(1).padStart(5)} %  ${name}\n`);
    }
  }
}

const page = join(projectRoot, 'docs/performance.md');
const marks = ['<!-- figures -->', '<!-- /figures -->'];

/** Replaces the figures between the marks of docs/performance.md. */
export async function writePage(result) {
  const text = await readFile(page, 'utf8');
  const [from, to] = marks.map((mark) => text.indexOf(mark));
  if (from === -1 || to === -1) throw new Error(`docs/performance.md lost its marks ${marks.join(' ')}`);
  const { node, database, cpu, cores, memory } = result.environment;
  const { rounds, seconds, connections } = result.options;
  const about =
    `${result.at.slice(0, 10)}, Node ${node.slice(1)}, ${database}, ${cores} × ${cpu}, ${memory}; ` +
    `${rounds} rounds of ${seconds} s, ${connections} connections; ` +
    `${Object.entries(result.size)
      .map(([name, count]) => `${number(count)} ${name}`)
      .join(', ')}.`;
  const body = `${marks[0]}\n${about}\n\n${tables(result)}\n`;
  await writeFile(page, text.slice(0, from) + body + text.slice(to));
}
