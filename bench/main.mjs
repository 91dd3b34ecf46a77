import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError, ensureBuilt } from '../scripts/build.mjs';
import { checkAll } from './check.mjs';
import { createPrivateDatabase } from './database.mjs';
import { startGenerator } from './load/load.mjs';
import { readOptions, usage } from './options.mjs';
import { profileOf } from './profile.mjs';
import { createProgress } from './progress.mjs';
import { environmentOf, printTable, summarize, writePage } from './report.mjs';
import { scenarios as all } from './scenarios/index.mjs';
import { writeSeedFile } from './seed-file.mjs';
import { projectRoot } from './server-process.mjs';
import { createServers, tokenFrom } from './servers.mjs';

const tenantsOf = { whole: 2_000, small: 100 };

/** Runs the benchmark. Resolves to the exit code. */
export async function main(argv) {
  let options;
  try {
    options = readOptions(argv);
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const chosen = options.only === undefined ? all : all.filter(({ name }) => options.only.includes(name));
  if (chosen.length !== (options.only?.length ?? all.length)) {
    process.stderr.write(`There are: ${all.map(({ name }) => name).join(', ')}\n`);
    return 2;
  }
  try {
    await ensureBuilt();
    await run(options, chosen);
    return 0;
  } catch (error) {
    process.stderr.write(`\n${error instanceof BuildError ? error.message : error.stack}\n`);
    return 1;
  }
}

async function run(options, scenarios) {
  const name = randomBytes(4).toString('hex');
  const folder = join(projectRoot, '.tmp/bench', name);
  await mkdir(folder, { recursive: true });
  const progress = createProgress();
  const undo = [() => rm(folder, { recursive: true, force: true })];
  const cleanUp = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  const interrupted = () => void cleanUp().finally(() => process.exit(130));
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    const database = await createPrivateDatabase(options.database, folder);
    undo.push(database.drop);
    await writeSeedFile(join(folder, 'seed.yaml'));
    const servers = createServers({ folder, databaseUrl: database.url });
    undo.push(servers.stop);

    progress.say('starting the hub, migrating');
    await servers.start('hub');
    const { seed, sizeOf } = await import('./seed.mjs');
    const tenants = options.small ? tenantsOf.small : tenantsOf.whole;
    const world = await seed(database.url, {
      tenants,
      onProgress: (done, total) => progress.bar('seeding tenants', done, total),
    });
    await servers.share(world);
    for (const kind of ['ceiling', ...extraVariants(scenarios)]) await servers.start(kind);

    progress.say('comparing answers');
    const checks = await checkAll(scenarios, servers, database.url);
    for (const { scenario, statements, foreign } of checks) {
      const counted = Object.entries(statements).map(([variant, list]) => `${variant} ${list.length}`);
      progress.say(`  ${scenario}: equal; statements: ${counted.join(', ')}`);
      for (const text of new Set(foreign)) progress.say(`    not a statement of the hub: ${text}`);
    }
    if (options.trace) {
      for (const { scenario, statements } of checks) {
        for (const [variant, list] of Object.entries(statements))
          process.stdout.write(`\n# ${scenario}, ${variant}\n${list.join('\n')}\n`);
      }
      return;
    }
    await servers.restart(); // traced processes are not measured

    const results = [];
    const generator = startGenerator();
    undo.push(() => generator.stop());
    for (const scenario of scenarios) {
      const measured = await measure(scenario, { options, servers, generator, progress });
      results.push({ ...measured, check: checks.find((check) => check.scenario === scenario.name) });
    }
    const whole = {
      at: new Date().toISOString(),
      options,
      environment: environmentOf(database.server),
      size: sizeOf(tenants),
      scenarios: results.map(summarize),
    };
    const file = join(projectRoot, '.tmp/bench', `${whole.at.replaceAll(':', '-')}.json`);
    await writeFile(file, `${JSON.stringify(whole, null, 2)}\n`);
    progress.say(`result: ${file.slice(projectRoot.length)}`);
    if (options.write) await writePage(whole);
    if (options.json) process.stdout.write(`${JSON.stringify(whole)}\n`);
    else printTable(whole);
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    await cleanUp();
  }
}

function extraVariants(scenarios) {
  return new Set(scenarios.flatMap(({ variants }) => variants).filter((kind) => kind !== 'hub' && kind !== 'ceiling'));
}

/** Warm-up, then rounds: every variant once per round, in turned order every second round. */
async function measure(scenario, { options, servers, generator, progress }) {
  const { variants } = scenario;
  const rounds = Object.fromEntries(variants.map((variant) => [variant, []]));
  let salt = 0;
  const load = async (variant, seconds) => {
    const server = servers.get(variant);
    salt += 1;
    const job = {
      scenario: scenario.name,
      worldFile: servers.worldFile,
      port: server.port,
      connections: options.connections,
    };
    const token = await tokenFrom(servers.get('hub').port);
    const before = await server.ask('cpu');
    const result = await generator.run({ ...job, seconds, token, salt: `${salt}-${variant[0]}` });
    const cpu = (await server.ask('cpu')) - before;
    if (result.failures > 0) {
      throw new Error(
        `${scenario.name}, ${variant}: ${result.failures} of ${result.requests} failed, such as\n${result.bad[0]}`,
      );
    }
    return {
      requests: result.requests,
      perSecond: result.requests / result.elapsed,
      cpuPerRequest: cpu / result.requests,
      p50: result.p50,
      p99: result.p99,
    };
  };
  const steps = variants.length * (options.rounds + 1);
  let done = 0;
  const step = () => progress.bar(scenario.name, ++done, steps);
  for (const variant of variants) {
    await load(variant, options.warmup);
    step();
  }
  for (let round = 0; round < options.rounds; round += 1) {
    for (const variant of round % 2 === 0 ? variants : variants.toReversed()) {
      rounds[variant].push(await load(variant, options.seconds));
      step();
    }
  }
  const profiles = {};
  if (options.profile) {
    for (const variant of variants) {
      const server = servers.get(variant);
      await server.ask('startProfile');
      await load(variant, options.seconds);
      const profile = await server.ask('stopProfile');
      await writeFile(
        join(projectRoot, '.tmp/bench', `${scenario.name}-${variant.replace(' ', '-')}.cpuprofile`),
        JSON.stringify(profile),
      );
      profiles[variant] = profileOf(profile);
    }
  }
  return { scenario, rounds, profiles };
}
