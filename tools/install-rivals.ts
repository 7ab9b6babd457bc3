/** `node tools/install-rivals.ts`: puts the event stores that ours is measured against into `out/rivals`, away from the project. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A store to be measured against, with everything it needs to run. */
interface Rival {
  readonly main: string;
  readonly packages: readonly string[];
  /** Packages whose install script must run: one compiles SQLite where no prebuilt one can be had. */
  readonly scripts: readonly string[];
}

/** By the database it runs on. */
export const RIVALS = {
  sqlite: {
    main: '@event-driven-io/emmett-sqlite',
    packages: [
      '@event-driven-io/emmett-sqlite@0.38.5',
      '@event-driven-io/emmett@0.38.5',
      'sqlite3@5.1.7',
    ],
    scripts: ['sqlite3'],
  },
  postgres: {
    main: '@event-driven-io/emmett-postgresql',
    packages: ['@event-driven-io/emmett-postgresql@0.42.0', '@event-driven-io/emmett@0.42.0'],
    scripts: [],
  },
} as const satisfies Readonly<Record<string, Rival>>;

/** Where the packages of one rival lie. */
export const rivalFolder = (name: keyof typeof RIVALS): string =>
  fileURLToPath(new URL(`../out/rivals/${name}`, import.meta.url));

function install(name: keyof typeof RIVALS): void {
  const { packages, scripts } = RIVALS[name];
  const cwd = rivalFolder(name);
  mkdirSync(cwd, { recursive: true });
  const allowScripts = Object.fromEntries(scripts.map((script) => [script, true]));
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ private: true, allowScripts }));
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages];
  const { status } = spawnSync('npm', args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  install('sqlite');
  install('postgres');
}
