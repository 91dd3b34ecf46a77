import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { build, ensureBuilt, isStale } from '../../scripts/build.mjs';

let root: string;
const notes: string[] = [];
const report = { progress() {}, finish() {}, note: (text: string) => notes.push(text) };

beforeEach(async () => {
  notes.length = 0;
  root = await mkdtemp(join(tmpdir(), 'mercator-build-'));
  await mkdir(join(root, 'src/pages'), { recursive: true });
  await mkdir(join(root, 'node_modules'));
  await symlink(join(process.cwd(), 'node_modules/@swc'), join(root, 'node_modules/@swc'));
  await writeFile(join(root, '.swcrc'), await readFile('.swcrc'));
  await writeFile(
    join(root, 'src/main.ts'),
    "import { two } from './two.js';\nexport const main = (): number => two;\n",
  );
  await writeFile(join(root, 'src/two.ts'), 'export const two: number = 2;\n');
  await writeFile(join(root, 'src/pages/signin.eta'), '<p><%= it.name %></p>');
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('build', () => {
  it('compiles, keeps .js suffixes, writes source maps and copies assets', async () => {
    expect(await build({ root })).toMatchObject({ compiled: 2, copied: 1, removed: 0 });
    const code = await readFile(join(root, 'dist/src/main.js'), 'utf8');
    expect(code).toContain("from './two.js'");
    expect(code).toContain('//# sourceMappingURL=main.js.map');
    const map = JSON.parse(await readFile(join(root, 'dist/src/main.js.map'), 'utf8')) as { sources: string[] };
    expect(map.sources).toEqual(['../../src/main.ts']);
    expect(await readFile(join(root, 'dist/src/pages/signin.eta'), 'utf8')).toBe('<p><%= it.name %></p>');
  });

  it('does nothing when nothing changed, also when only the time of a file did', async () => {
    await build({ root });
    expect(await isStale(root)).toBe(false);
    await writeFile(join(root, 'src/two.ts'), 'export const two: number = 2;\n');
    expect(await build({ root })).toMatchObject({ compiled: 0, copied: 0, unchanged: 3 });
  });

  it('compiles what changed, restores lost outputs and removes outputs without a source', async () => {
    await build({ root });
    await writeFile(join(root, 'src/two.ts'), 'export const two: number = 22;\n');
    await rm(join(root, 'dist/src/main.js'));
    await rm(join(root, 'src/pages/signin.eta'));
    expect(await isStale(root)).toBe(true);
    expect(await build({ root })).toMatchObject({ compiled: 2, copied: 0, removed: 1 });
    expect(existsSync(join(root, 'dist/src/pages/signin.eta'))).toBe(false);
    expect(await readFile(join(root, 'dist/src/two.js'), 'utf8')).toContain('22');
  });

  it('names the file that does not parse and tries it again the next time', async () => {
    await writeFile(join(root, 'src/two.ts'), 'export const = ;');
    await expect(build({ root })).rejects.toThrow(/^src\/two\.ts: /);
    expect(await isStale(root)).toBe(true);
  });

  it('runs a prebuilt tree without sources, and says so when there is nothing at all', async () => {
    await build({ root });
    await rm(join(root, 'src'), { recursive: true });
    await ensureBuilt({ root, report });
    await rm(join(root, 'dist'), { recursive: true });
    await expect(ensureBuilt({ root, report })).rejects.toThrow('no complete copy of Mercator');
  });
});
