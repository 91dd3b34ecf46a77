import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';

interface LockedPackage {
  license?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
}

const allowed = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'Unlicense',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'Python-2.0',
  'Apache-2.0',
]);
const exceptions = new Set(['@apollo/federation-internals: Elastic-2.0']);

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}

async function lockedPackages(): Promise<[string, LockedPackage][]> {
  const { packages } = await readJson<{ packages: Record<string, LockedPackage> }>('package-lock.json');
  return Object.entries(packages).filter(([path]) => path !== '');
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

describe('dependencies', () => {
  it('have licenses of the list in THIRD_PARTY.md where they reach production', async () => {
    const found = (await lockedPackages())
      .filter(([, { dev, license }]) => dev !== true && !allowedLicense(license ?? 'none'))
      .map(([path, { license }]) => `${nameOf(path)}: ${license}`);
    expect(new Set(found)).toEqual(exceptions);
  });

  it('never get to run an install script without being named', async () => {
    const { allowScripts } = await readJson<{ allowScripts: Record<string, boolean> }>('package.json');
    const scripted = (await lockedPackages())
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => nameOf(path));
    expect(scripted.filter((name) => !Object.hasOwn(allowScripts, name) && name !== 'fsevents')).toEqual([]);
    expect(await readFile('.npmrc', 'utf8')).toContain('ignore-scripts=true');
  });
});

/** `A OR B` needs one of them, `A AND B` both. */
function allowedLicense(expression: string): boolean {
  const plain = expression.replaceAll(/[()]/g, '');
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((license) => allowed.has(license)));
}
