import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { registerSync } from '#worker/cli/sync.ts';
import { runCommand } from '../cli/run-command.ts';
import { useServedDoc } from '../cli/served-doc.ts';

const HOUSE = resolve('.');
const FILES = resolve('docs/guide/schedule');
const read = (name: string): string => readFileSync(join(FILES, name), 'utf8');
const UNITS = readdirSync(FILES).filter((name) => /\.(service|timer)$/.test(name));

const { doc } = useServedDoc();
// What is named is meant from the folder a command runs in; the one that npm was called in is this house.
beforeAll(() => void vi.stubEnv('INIT_CWD', ''));

/** The sections of a unit file, each with its settings in their order. Errors: a line that is neither. */
function parseUnit(text: string): ReadonlyMap<string, readonly (readonly [string, string])[]> {
  const sections = new Map<string, [string, string][]>();
  let section: [string, string][] | undefined;
  for (const line of text.split('\n')) {
    if (/^(#.*)?$/.test(line)) continue;
    const head = /^\[(\w+)\]$/.exec(line)?.[1];
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (head !== undefined) sections.set(head, (section = []));
    else if (name !== undefined && section !== undefined) section.push([name, value ?? '']);
    else throw new Error(`neither a section nor a setting: ${line}`);
  }
  return sections;
}

const settingOf = (unit: string, section: string, name: string): string | undefined =>
  parseUnit(read(unit))
    .get(section)
    ?.find(([one]) => one === name)?.[1];

/** What stands behind the program: the words of the command, once the files it names were seen to be there. */
function wordsOf(command: string): readonly string[] {
  const [node = '', main = '', ...words] = command.split(' ');
  for (const path of [node, main]) {
    expect(existsSync(path.replace(/^\/opt\/founder-hq/, HOUSE))).toBe(true);
  }
  return words;
}

const runSync = async (words: readonly string[]) => {
  const log = words.includes('--log') ? [] : ['--log', 'kept.log'];
  const { code, err } = await runCommand(registerSync, [...words, ...log]);
  expect(err).not.toContain('error:');
  expect(code).toBe(0);
};

describe('the ready files of a schedule', () => {
  it('for cron name a command that makes a pass', async () => {
    const line = read('founder-hq.cron').trim().split('\n').at(-1) ?? '';
    const [, minutes, folder, command = ''] =
      /^(\S+ \S+ \S+ \S+ \S+) founder-hq cd (\S+) && (.*) >last-pass\.txt 2>&1$/.exec(line) ?? [];
    expect([minutes, folder]).toEqual(['*/5 * * * *', '/var/lib/founder-hq']);
    await runSync(wordsOf(command));
  });

  it('for systemd name a command that makes a pass, and one that the watch takes', async () => {
    await runSync(wordsOf(settingOf('founder-hq-sync.service', 'Service', 'ExecStart') ?? ''));
    const words = wordsOf(settingOf('founder-hq-watch.service', 'Service', 'ExecStart') ?? '');
    // All that it takes and one word that it does not: so the others were read and understood.
    const { code, err } = await runCommand(registerSync, [...words, '--no-such-option']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("'--no-such-option'") });
  });

  it('for GitHub Actions name a command that makes a pass, with rights to read alone', async () => {
    const text = read('github-actions.yml');
    const words = /npm run -s founder-hq -- (.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
    await runSync(words.map((word) => (word === '"$DOC"' ? doc.docId : word)));
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
    expect(text).toMatch(/^ {2}cancel-in-progress: false$/m);
    expect(text).not.toMatch(/\t|uses:/);
    for (const [, name = ''] of text.matchAll(/\$\{\{ ([^}]*) \}\}/g)) {
      expect(name).toMatch(
        /^(github\.\w+|secrets\.(CODA_API_TOKEN|FOUNDER_HQ_STORE)|vars\.FOUNDER_HQ_DOC)$/,
      );
    }
  });

  it('for systemd are whole units, and both services may do as little', () => {
    expect(UNITS).toEqual([
      'founder-hq-sync.service',
      'founder-hq-sync.timer',
      'founder-hq-watch.service',
    ]);
    for (const unit of UNITS) expect(parseUnit(read(unit)).has('Unit')).toBe(true);
    const bounds = ['founder-hq-sync.service', 'founder-hq-watch.service'].map((unit) =>
      (parseUnit(read(unit)).get('Service') ?? []).filter(([name]) =>
        /^(UMask|NoNew|Capab|Protect|Private|Restrict[A-Z]|Lock|RemoveIPC|SystemCall)/.test(name),
      ),
    );
    expect(bounds[0]).toEqual(bounds[1]?.filter(([name]) => !name.startsWith('RestartPrevent')));
    expect(bounds[0]?.length).toBeGreaterThan(20);
    expect(settingOf('founder-hq-sync.timer', 'Timer', 'OnUnitInactiveSec')).toBe('5min');
  });

  const isThere = spawnSync('systemd-analyze', ['--version']).status === 0;
  it.skipIf(!isThere)(
    'for systemd pass its own check, but for the programs that are not here',
    () => {
      const { stderr } = spawnSync(
        'systemd-analyze',
        ['verify', ...UNITS.map((unit) => join(FILES, unit))],
        {
          encoding: 'utf8',
        },
      );
      const other = stderr
        .split('\n')
        .filter((line) => line !== '' && !/is not executable/.test(line));
      expect(other).toEqual([]);
    },
  );
});
