import { describe, expect, it } from 'vitest';
import { DomainError } from '#shared/kernel/index.ts';
import { type CommandGroup, runProgram } from '#worker/cli/program.ts';

const groups = (
  action: (options: { color?: string }) => Promise<void>,
): readonly CommandGroup[] => [
  {
    heading: 'Every day',
    commands: [(program) => void program.command('paint').option('--color <name>').action(action)],
  },
  {
    heading: 'Try it',
    commands: [(program) => void program.command('look').description('only looks')],
  },
];
const nothing = async () => {};

async function run(argv: readonly string[], action = nothing, isDebug = false) {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    isDebug,
  };
  return { exitCode: await runProgram(argv, groups(action), io), out, err };
}

const failing = (error: unknown) => async () => {
  throw error;
};

describe('founder-hq', () => {
  it('prints its version alone', async () => {
    expect(await run(['--version'])).toEqual({ exitCode: 0, out: '0.1.0\n', err: '' });
  });

  it('groups its commands in the help, on standard output', async () => {
    const { exitCode, out, err } = await run(['--help']);
    expect(exitCode).toBe(0);
    expect(err).toBe('');
    expect(out.indexOf('Every day:')).toBeLessThan(out.indexOf('paint'));
    expect(out.indexOf('paint')).toBeLessThan(out.indexOf('Try it:'));
  });

  it('hands a command its options and leaves the exit code to it', async () => {
    let seen: string | undefined;
    const paint = async ({ color }: { color?: string }) => void (seen = color);
    const outcome = await runProgram(['paint', '--color', 'red'], groups(paint), {
      out: () => {},
      err: () => {},
      isDebug: false,
    });
    expect([seen, outcome]).toEqual(['red', undefined]);
  });

  it.each([
    ['an unknown command', ['pant'], 'pant'],
    ['an unknown option', ['paint', '--colour', 'red'], '--color'],
    ['an option without its value', ['paint', '--color'], '--color'],
    ['no command at all', [], 'Usage:'],
  ])('answers %s as a matter of usage', async (_what, argv, says) => {
    const { exitCode, out, err } = await run(argv);
    expect(exitCode).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(says);
  });

  it('turns an operating failure into what happened and what to do, without a stack', async () => {
    const error = new DomainError('UNAUTHORIZED', 'the token is not known');
    const { exitCode, out, err } = await run(['paint'], failing(error));
    expect(exitCode).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/^error: the token is not known\nnext: .*CODA_API_TOKEN\n$/);
  });

  it('leaves the next step to a failure that is not listed', async () => {
    const error = new DomainError('CSV_COLUMNS', 'no column `hours`; name one with --map');
    expect((await run(['paint'], failing(error))).err).toBe(
      'error: no column `hours`; name one with --map\n',
    );
  });

  it('knows the failures of the operating system', async () => {
    const error = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });
    expect((await run(['paint'], failing(error))).err).toContain('next: choose another port');
  });

  it.each([
    ['ENOENT', '`gone.csv` is not there.', 'check the path'],
    ['EEXIST', '`gone.csv` is there already', 'move what is there'],
    ['ENOTDIR', '`gone.csv` leads through something that is no folder', 'check the path'],
    ['EROFS', '`gone.csv` lies where nothing may be written', 'run this in a folder'],
    ['EIO', '`gone.csv` cannot be read or written', 'check the disk'],
  ])(
    'says what %s means in words, and never that it should not happen',
    async (code, what, next) => {
      const error = Object.assign(new Error(`${code}: open 'gone.csv'`), {
        code,
        path: 'gone.csv',
      });
      const { err } = await run(['paint'], failing(error));
      expect(err.startsWith(`error: ${what}`)).toBe(true);
      expect(err.split('\n')).toEqual([expect.any(String), expect.stringContaining(next), '']);
    },
  );

  it('speaks of a file where the system names none', async () => {
    const error = Object.assign(new Error('EISDIR: read'), { code: 'EISDIR' });
    expect((await run(['paint'], failing(error))).err).toBe(
      'error: What was named is a folder.\nnext: name a file, not a folder\n',
    );
  });

  it.each([new TypeError('x is undefined'), 'a bare text'])(
    'says of a bug that it is one',
    async (bug) => {
      const { exitCode, err } = await run(['paint'], failing(bug));
      expect(exitCode).toBe(1);
      expect(err).toMatch(/^error: this should not happen: .*\nnext: .*FOUNDER_HQ_DEBUG=1.*\n$/);
    },
  );

  it('shows the stack to whoever asks for it', async () => {
    const { err } = await run(['paint'], failing(new DomainError('NETWORK', 'no answer')), true);
    expect(err).toContain('program.test.ts');
  });
});
