import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GATES } from '../../tools/gate-list.ts';
import { toLifecyclePages } from '../../tools/lifecycle-pages.ts';
import { ROUNDS } from '../../tools/red-plants.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const manifest = JSON.parse(read('package.json'));

describe('the packages', () => {
  const { dependencies, devDependencies } = manifest;
  const wished = Object.entries({ ...dependencies, ...devDependencies });

  it.each(wished)('name %s by one exact version', (_name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+(-[0-9a-z.]+)?$/);
  });

  it.each(wished.map(([name]) => name))('give a reason and a licence for %s', (name) => {
    expect(read('docs/decisions/0002-dependencies.md')).toContain(`\`${name}\``);
  });

  it('come from whichever registry the reader uses', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "http/);
  });

  it('hold the versions that the lockfile holds', () => {
    const { packages } = JSON.parse(read('package-lock.json'));
    expect(packages['']).toMatchObject({ dependencies, devDependencies });
  });
});

describe('the scripts', () => {
  it('install what is missing first, whichever is run', () => {
    const { scripts } = manifest;
    const run = Object.keys(scripts).filter((name) => !name.startsWith('pre') && name !== 'check');
    for (const name of run) expect(scripts[`pre${name}`]).toBe('node tools/bootstrap.mjs');
  });

  it('make `.ci/run` runnable', () => {
    expect(statSync(join(ROOT, '.ci/run')).mode & 0o111).not.toBe(0);
  });
});

describe('the house', () => {
  const rooms = readdirSync(join(ROOT, 'shared'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  it.each(rooms)('gives shared/%s one public face', (room) => {
    expect(readdirSync(join(ROOT, 'shared', room))).toContain('index.ts');
  });

  it('serves one Pack id to both places that look for it', () => {
    expect(readlinkSync(join(ROOT, 'pack/.coda-pack.json'))).toBe('../.coda-pack.json');
    expect(JSON.parse(read('.coda-pack.json'))).toHaveProperty('packId');
  });

  it.each(toLifecyclePages())('shows in $path what the transition table says', ({ path, text }) => {
    expect(read(path)).toBe(text);
  });

  it('plants a violation for every gate', () => {
    const planted = ROUNDS.map(({ gate }) => gate);
    expect(planted).toEqual(expect.arrayContaining(GATES.map(({ name }) => name)));
  });
});
