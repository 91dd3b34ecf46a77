/**
 * `npm run prove` lists the proofs in test/proofs/*.prove.ts, `npm run prove -- <name>` runs one in full and writes
 * docs/proofs/<name>.json, `npm run prove -- --short [name]` runs a short form of all (or one) and writes nothing there.
 *
 * A proof exports `prove(context)` and answers its figures (plain JSON) or throws. `context` has: `short`; `folder`, its
 * own folder under .tmp that survives an interrupted run; `resume(key, work)`, which runs `work` once and remembers its
 * answer in that folder, so that a second run goes on where the first one stopped; `progress(text)`.
 */
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, platform } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, projectRoot } from './build.mjs';

const args = process.argv.slice(2);
const short = args.includes('--short');
/** Said by this script to the processes it starts: what they need is compiled. */
const compiled = args.includes('--compiled');
const [wanted] = args.filter((arg) => !arg.startsWith('--'));
const proofs = await listProofs();

if (wanted !== undefined && !proofs.includes(wanted)) {
  process.stderr.write(`no proof "${wanted}"; there are: ${proofs.join(', ') || 'none'}\n`);
  process.exit(2);
}
if (wanted === undefined && !short) {
  process.stdout.write(`${proofs.join('\n')}${proofs.length > 0 ? '\n' : ''}`);
  process.exit(0);
}

const tree = join(projectRoot, '.tmp/prove/dist/src');
if (!compiled) await compileTests();
let failed = 0;
const chosen = wanted === undefined ? proofs : [wanted];
if (chosen.length === 1) failed += (await runProof(chosen[0])) ? 0 : 1;
else failed = await runBesideEachOther([...chosen]);
process.stdout.write(`proofs: ${chosen.length - failed} held, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);

/** Short forms wait more than they compute: two at a time, each in a process of its own. Answers how many failed. */
async function runBesideEachOther(waiting) {
  let lost = 0;
  const lane = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) lost += (await runAlone(name)) ? 0 : 1;
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  return lost;
}

function runAlone(name) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), name, '--short', '--compiled'], {
    stdio: ['ignore', 'ignore', 'inherit'], // its stdout would only count to one
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

async function listProofs() {
  const entries = await readdir(join(projectRoot, 'test/proofs')).catch(() => []);
  return entries
    .filter((entry) => entry.endsWith('.prove.ts'))
    .map((entry) => basename(entry, '.prove.ts'))
    .sort();
}

/** Tests import ../src: both are compiled into .tmp/prove, beside links to what they read at run time. */
async function compileTests() {
  const { cp, symlink } = await import('node:fs/promises');
  const folder = join(projectRoot, '.tmp/prove');
  await rm(join(folder, 'src'), { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await build();
  await cp(join(projectRoot, 'test'), join(folder, 'src/test'), {
    recursive: true,
    filter: (path) => !path.includes('/boundaries/planted') && !path.endsWith('.test.ts'),
  });
  await cp(join(projectRoot, '.swcrc'), join(folder, '.swcrc'));
  await build({ root: folder });
  for (const [name, target] of Object.entries({
    src: 'dist/src',
    migrations: 'dist/migrations',
    'ormconfig.js': 'dist/ormconfig.js',
    scripts: 'scripts',
    bin: 'bin',
    'package.json': 'package.json',
    examples: 'examples',
  })) {
    await symlink(join(projectRoot, target), join(tree, name)).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function runProof(name) {
  const started = Date.now();
  const folder = join(projectRoot, '.tmp/proofs', short ? `${name}-short` : name);
  if (short) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const say = (text) => process.stderr.write(`${name}: ${text}\n`);
  try {
    const { prove } = await import(pathToFileURL(join(tree, 'test/proofs', `${name}.prove.js`)).href);
    const figures = await prove({ short, folder, resume: (key, work) => resume(folder, key, work), progress: say });
    const seconds = Math.round((Date.now() - started) / 1000);
    say(`held (${seconds} s) ${short ? '' : JSON.stringify(figures)}`);
    if (!short) await record(name, figures, seconds, folder);
    return true;
  } catch (error) {
    say(`FAILED ${error?.stack ?? error}`);
    return false;
  }
}

async function resume(folder, key, work) {
  const path = join(folder, `${key.replaceAll(/[^\w.-]/g, '_')}.json`);
  try {
    return JSON.parse(await readFile(path, 'utf8')).answer;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const answer = await work();
  await writeFile(`${path}.part`, JSON.stringify({ answer }));
  await rename(`${path}.part`, path);
  return answer;
}

async function record(name, figures, seconds, folder) {
  const machine = { node: process.version, platform: platform(), cores: availableParallelism() };
  const entry = { proof: name, at: new Date().toISOString(), seconds, machine, figures };
  await mkdir(join(projectRoot, 'docs/proofs'), { recursive: true });
  await writeFile(join(projectRoot, 'docs/proofs', `${name}.json`), `${JSON.stringify(entry, null, 2)}\n`);
  await rm(folder, { recursive: true, force: true });
}
