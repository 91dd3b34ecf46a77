/**
 * `npm run boundaries`: checks the import rules of .dependency-cruiser.cjs and two rules about process.env and the wall
 * clock, first on the planted violations (each must be caught, and nothing else), then on the real tree.
 */
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import { build, projectRoot } from './build.mjs';

const { forbidden, compiled, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');

/** Rules about words in the source, which no import shows. */
const wordRules = [
  {
    name: 'process-env-only-in-config',
    comment: 'Settings are read once, typed and documented, in src/platform/config.ts.',
    words: /\bprocess\.env\b/,
    home: 'src/platform/config.ts',
  },
  {
    name: 'wall-clock-only-in-clock',
    comment: 'Time is a port; only src/platform/clock.ts reads the wall clock.',
    words: /\bDate\.now\b|\bnew Date\(\s*\)|\bTemporal\.Now\b/,
    home: 'src/platform/clock.ts',
  },
];

export const ruleNames = [...forbidden, ...compiled, ...wordRules].map((rule) => rule.name);

/**
 * The violations in the tree at `root` (a folder with src/), each as `rule: from -> to`.
 * @returns {Promise<{ violations: string[], modules: number }>}
 */
export async function checkTree(root) {
  const scratch = await compileAway(root);
  try {
    const sources = await look(root, forbidden);
    const outputs = await look(join(scratch, 'dist'), compiled);
    const words = await lookForWords(root);
    return { violations: [...sources.violations, ...outputs.violations, ...words], modules: sources.modules };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What each planted violation was caught by, keyed by the rule it was planted for. */
export async function checkPlanted() {
  const base = join(projectRoot, 'test/boundaries/planted');
  const caught = new Map();
  for (const name of (await readdir(base)).sort()) {
    const { violations } = await checkTree(join(base, name));
    caught.set(name, [...new Set(violations.map((violation) => violation.slice(0, violation.indexOf(':'))))]);
  }
  return caught;
}

async function look(root, rules) {
  const { output } = await cruise(
    ['src'],
    { ...options, baseDir: root, ruleSet: { forbidden: rules }, validate: true },
    options.enhancedResolveOptions,
  );
  return {
    modules: output.summary.totalCruised,
    violations: output.summary.violations.map(
      ({ rule, from, to, cycle }) =>
        `${rule.name}: ${from} -> ${cycle ? cycle.map((step) => step.name).join(' -> ') : to}`,
    ),
  };
}

/** Compiles a copy of the sources, so that the cycle rule sees what runs. */
async function compileAway(root) {
  const scratch = join(projectRoot, '.tmp', `boundaries-${process.pid}-${Math.random().toString(36).slice(2)}`);
  await mkdir(scratch, { recursive: true });
  await cp(join(root, 'src'), join(scratch, 'src'), { recursive: true });
  await cp(join(projectRoot, '.swcrc'), join(scratch, '.swcrc'));
  await build({ root: scratch });
  return scratch;
}

async function lookForWords(root) {
  const found = [];
  for (const entry of await readdir(join(root, 'src'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const path = relative(root, join(entry.parentPath, entry.name));
    const code = withoutComments(await readFile(join(root, path), 'utf8'));
    for (const rule of wordRules) {
      if (path !== rule.home && rule.words.test(code))
        found.push(`${rule.name}: ${path} -> ${rule.words.exec(code)[0]}`);
    }
  }
  return found;
}

function withoutComments(code) {
  return code.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let failed = false;
  const planted = await checkPlanted();
  for (const name of ruleNames) {
    const caught = planted.get(name) ?? [];
    if (caught.length === 1 && caught[0] === name) continue;
    failed = true;
    process.stdout.write(
      `planted ${name}: expected to be caught by it alone, but: ${caught.join(', ') || 'not caught'}\n`,
    );
  }
  const { violations, modules } = await checkTree(projectRoot);
  for (const violation of violations) process.stdout.write(`${violation}\n`);
  failed ||= violations.length > 0;
  process.stdout.write(`boundaries: ${ruleNames.length} rules, ${modules} modules, ${violations.length} violations\n`);
  process.exitCode = failed ? 1 : 0;
}
