/**
 * Compiles what is stale from src/, migrations/ and ormconfig.ts into dist/ (same tree, `.ts` becomes `.js` + `.js.map`,
 * every other file is copied). Stale means: other size, time and content than the manifest of the last build remembers,
 * or no output. `node scripts/build.mjs [--force]`.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

const roots = ['src', 'migrations', 'ormconfig.ts'];
const parallel = 16;

/** A build that cannot be done, with a text for the person at the terminal. */
export class BuildError extends Error {}

/**
 * Builds and says what was done.
 * @param {{ root?: string, force?: boolean, onProgress?: (done: number, total: number) => void }} [options]
 * @returns {Promise<{ compiled: number, copied: number, removed: number, unchanged: number, milliseconds: number }>}
 * @throws {BuildError} when the compiler is not installed or a source does not parse.
 */
export async function build({ root = projectRoot, force = false, onProgress = () => {} } = {}) {
  const started = performance.now();
  const plan = await planBuild(root, force);
  const compiler = plan.stale.some(isCode) ? await loadCompiler() : undefined;
  let done = 0;
  const problems = [];
  await inParallel(plan.stale, async (file) => {
    try {
      if (isCode(file)) await compile(compiler, plan.settings, root, file);
      else await copy(root, file);
      plan.files[file.path] = await fingerprint(root, file);
    } catch (error) {
      problems.push(`${file.path}: ${error instanceof Error ? error.message : error}`);
    }
    onProgress(++done, plan.stale.length);
  });
  for (const output of plan.orphans) await rm(join(root, 'dist', output), { force: true });
  if (plan.stale.length > 0 || plan.orphans.length > 0 || plan.touched) await writeManifest(root, plan);
  if (problems.length > 0) throw new BuildError(problems.join('\n'));
  const compiled = plan.stale.filter(isCode).length;
  return {
    compiled,
    copied: plan.stale.length - compiled,
    removed: plan.orphans.length,
    unchanged: plan.total - plan.stale.length,
    milliseconds: Math.round(performance.now() - started),
  };
}

/** Whether dist/ differs from the sources. A tree without sources (a production image) is never stale. */
export async function isStale(root = projectRoot) {
  if (!existsSync(join(root, 'src'))) return false;
  const plan = await planBuild(root, false);
  return plan.stale.length > 0 || plan.orphans.length > 0;
}

/**
 * Brings dist/ up to date before a command runs, reporting on stderr. Without a compiler (a production image) a built
 * dist/ is used as it is, and a missing one is an error that says what to do.
 */
export async function ensureBuilt({ root = projectRoot, report = buildReporter() } = {}) {
  const built = existsSync(join(root, 'dist/src/main.js'));
  if (!existsSync(join(root, 'src'))) {
    if (built) return;
    throw new BuildError('There is neither src/ nor dist/ here: this is no complete copy of Mercator.');
  }
  try {
    report.finish(await build({ root, onProgress: report.progress }));
  } catch (error) {
    if (!(error instanceof MissingCompiler) || !built) throw error;
    report.note('dist/ is older than src/, and no compiler is installed: running dist/ as it is.');
  }
}

/** Progress on stderr, so that stdout stays free for a command's own answer. */
export function buildReporter(stream = process.stderr) {
  let shown = false;
  return {
    progress(done, total) {
      if (!stream.isTTY) return;
      shown = true;
      const width = 24;
      const filled = Math.round((done / total) * width);
      stream.write(`\rbuilding [${'='.repeat(filled)}${' '.repeat(width - filled)}] ${done}/${total}`);
    },
    finish(result) {
      if (shown) stream.write('\r\u001b[2K');
      const changed = result.compiled + result.copied + result.removed;
      if (changed > 0) {
        stream.write(
          `built: ${result.compiled} compiled, ${result.copied} copied, ${result.removed} removed, ` +
            `${result.unchanged} unchanged in ${(result.milliseconds / 1000).toFixed(1)} s\n`,
        );
      }
    },
    note(text) {
      stream.write(`${text}\n`);
    },
  };
}

class MissingCompiler extends BuildError {}

async function loadCompiler() {
  try {
    return await import('@swc/core');
  } catch (cause) {
    throw new MissingCompiler(
      'The compiler (@swc/core) is not installed. Run `npm ci` in a development checkout, or use an image that carries dist/.',
      { cause },
    );
  }
}

const isCode = (file) => file.path.endsWith('.ts');

async function planBuild(root, force) {
  const [sources, outputs, previous, settings] = await Promise.all([
    listSources(root),
    listOutputs(root),
    readManifest(root),
    readSettings(root),
  ]);
  const settingsHash = hash(JSON.stringify(settings));
  const sameSettings = previous.settings === settingsHash && !force;
  const files = {};
  const stale = [];
  let touched = false;
  const expected = new Set(['.manifest.json']);
  for (const file of sources) {
    const targets = outputsOf(file.path);
    for (const target of targets) expected.add(target);
    const known = sameSettings ? previous.files[file.path] : undefined;
    const complete = targets.every((target) => outputs.has(target));
    if (known === undefined || !complete) stale.push(file);
    else if (known.time === file.time && known.size === file.size) files[file.path] = known;
    else if (known.hash === hash(await readFile(join(root, file.path)))) {
      files[file.path] = { ...known, time: file.time, size: file.size };
      touched = true;
    } else stale.push(file);
  }
  const orphans = [...outputs].filter((output) => !expected.has(output) && isOurs(output));
  return { stale, orphans, files, settings, settingsHash, touched, total: sources.length };
}

const isOurs = (output) =>
  !output.endsWith('.part') &&
  roots.some((root) => output.startsWith(root.replace(/\.ts$/, '.')) || output.startsWith(`${root}/`));

function outputsOf(path) {
  if (!path.endsWith('.ts')) return [path];
  const js = path.replace(/\.ts$/, '.js');
  return [js, `${js}.map`];
}

async function listSources(root) {
  const found = [];
  for (const entry of roots) await walk(root, join(root, entry), found, true);
  return found.filter((file) => !file.path.endsWith('.d.ts') && !file.path.endsWith('.md'));
}

async function listOutputs(root) {
  const found = [];
  const dist = join(root, 'dist');
  await walk(dist, dist, found, false);
  return new Set(found.map((file) => file.path));
}

async function walk(base, path, found, withStat) {
  let entries;
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return;
    if (error.code !== 'ENOTDIR') throw error;
    found.push(await describe(base, path));
    return;
  }
  await Promise.all(
    entries.map(async (entry) => {
      const child = join(path, entry.name);
      if (entry.isDirectory()) await walk(base, child, found, withStat);
      else if (entry.isFile()) found.push(withStat ? await describe(base, child) : { path: relative(base, child) });
    }),
  );
}

async function describe(base, path) {
  const { mtimeMs, size } = await stat(path);
  return { path: relative(base, path), time: Math.floor(mtimeMs), size };
}

async function compile(compiler, settings, root, file) {
  const target = join(root, 'dist', file.path.replace(/\.ts$/, '.js'));
  const source = await readFile(join(root, file.path), 'utf8');
  const { code, map } = await compiler.transform(source, {
    ...settings.swcrc,
    swcrc: false,
    configFile: false,
    filename: join(root, file.path),
    sourceFileName: relative(dirname(target), join(root, file.path)),
    sourceMaps: true,
  });
  const name = target.slice(target.lastIndexOf('/') + 1);
  await writeWhole(`${target}.map`, map ?? '{}');
  await writeWhole(target, `${code}\n//# sourceMappingURL=${name}.map\n`);
}

async function copy(root, file) {
  const target = join(root, 'dist', file.path);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(join(root, file.path), target);
}

/** Readers of dist/ never see half a file, also when two builds run at once. */
async function writeWhole(path, content) {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, content);
  await rename(part, path);
}

async function readSettings(root) {
  const [swcrc, compiler] = await Promise.all([
    readFile(join(root, '.swcrc'), 'utf8').then(JSON.parse, () => ({})),
    readFile(join(root, 'node_modules/@swc/core/package.json'), 'utf8').then(
      (text) => JSON.parse(text).version,
      () => '',
    ),
  ]);
  delete swcrc.$schema;
  return { swcrc, compiler };
}

async function readManifest(root) {
  try {
    return JSON.parse(await readFile(join(root, 'dist/.manifest.json'), 'utf8'));
  } catch {
    return { settings: '', files: {} }; // no or a broken manifest: everything is compiled again
  }
}

async function writeManifest(root, plan) {
  const sorted = Object.fromEntries(Object.entries(plan.files).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeWhole(join(root, 'dist/.manifest.json'), JSON.stringify({ settings: plan.settingsHash, files: sorted }));
}

async function fingerprint(root, file) {
  return { time: file.time, size: file.size, hash: hash(await readFile(join(root, file.path))) };
}

function hash(content) {
  return createHash('sha256').update(content).digest('base64url').slice(0, 22);
}

async function inParallel(items, work) {
  const queue = [...items];
  const workers = Array.from({ length: Math.min(parallel, queue.length) }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  });
  await Promise.all(workers);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const report = buildReporter();
  try {
    const result = await build({ force: process.argv.includes('--force'), onProgress: report.progress });
    report.finish(result);
    if (result.compiled + result.copied + result.removed === 0) report.note(`up to date: ${result.unchanged} files`);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`\nbuild failed\n${error.message}\n`);
    process.exitCode = 1;
  }
}
