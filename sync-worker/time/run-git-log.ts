import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { DomainError } from '#shared/kernel/index.ts';
import { scrub, withoutSecrets } from '#worker/secrets/index.ts';

/** No setting of the repository may start a program: a signature is checked by one that its settings name. */
const ARGUMENTS = [
  'log',
  '--date=iso-strict',
  '--no-show-signature',
  '--no-color',
  '--no-decorate',
  '--no-notes',
  '--no-ext-diff',
  '--format=medium',
  '--no-patch',
];
const SAID_MAX = 300;

/** What git says of the commits of a repository. Errors: `GIT_FAILED` where there is no git, or no repository. */
export async function* runGitLog(folder: string): AsyncGenerator<Uint8Array, void> {
  const env = { ...withoutSecrets(process.env), GIT_OPTIONAL_LOCKS: '0', GIT_PAGER: 'cat' };
  const child = spawn('git', ['-C', folder, ...ARGUMENTS], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(0, SAID_MAX);
  });
  const closed = once(child, 'close').catch((error: unknown) => {
    throw new DomainError(
      'GIT_FAILED',
      'git cannot be started: install it, or give its log as a file.',
      {
        cause: error,
      },
    );
  });
  // Nobody waits for it yet, and git may be missing.
  closed.catch(() => undefined);
  try {
    yield* child.stdout;
    const [code]: readonly unknown[] = await closed;
    if (code === 0) return;
    const line = scrub(said).split('\n')[0] ?? '';
    throw new DomainError('GIT_FAILED', `git cannot read the log of \`${folder}\`: ${line}`);
  } finally {
    child.kill();
  }
}
