import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addDays } from '#shared/kernel/index.ts';
import { registerVariance } from '#worker/cli/variance.ts';
import { runCommand, useEmptyFolder } from './run-command.ts';

const write = useEmptyFolder();

/** Sixty tasks of one workflow, of which the last thirty take thrice as long; a task of another; one that is not finished. */
const TASKS = Array.from({ length: 60 }, (_, at) => ({
  id: `t${at}`,
  day: addDays('2026-01-01', at),
  // Some noise, since work that always takes the same would be no work.
  minutes: Math.round((at < 30 ? 60 : 180) * (1 + ((at * 7) % 5) / 20)),
}));
const SESSIONS = [
  'run_id,task_id,workflow,started_at,net_minutes',
  ...TASKS.map(({ id, day, minutes }) => `r${id},${id},Audit,${day} 09:00,${minutes}`),
  'rs,s,Sales <b>,2026-02-01 09:00,75',
  'ro,o,Open,2026-02-01 09:00,75',
].join('\n');
const TASK_FILE = [
  'task_id,workflow,estimated_hours,estimated_on,completed_on',
  ...TASKS.map(({ id, day }) => `${id},Audit,1,2025-12-01,${day}`),
  's,Sales <b>,1,2025-12-01,2026-02-01',
  'o,Open,1,2025-12-01,',
].join('\n');

const plot = (...words: readonly string[]) =>
  runCommand(registerVariance, [
    'variance',
    '--sessions',
    write('s.csv', SESSIONS),
    '--tasks',
    write('t.csv', TASK_FILE),
    '--plot',
    write('strip.svg', ''),
    ...words,
  ]);
const TOLD = [
  expect.stringMatching(
    /^Audit: typically .*, in total .*, 8 of 10 tasks between .* times the estimate, 60 tasks, drifting over since 2026-01-\d\d$/,
  ),
  expect.stringMatching(/^Sales <b>: typically \+25 %, in total \+25 %, .*, 1 task$/),
];

describe('founder-hq variance --plot', () => {
  it('draws each group that has finished tasks, with its drift, and tells it in words', async () => {
    const { code, out } = await plot();
    const parts = out.trimEnd().split('\n\n');
    expect([code, parts.at(-2)?.split('\n')]).toEqual([0, TOLD]);
    expect(parts.at(-1)).toMatch(/^Drawn in \/.*strip\.svg$/);
    expect(parts[0]).toMatch(/^workflow +tasks/);
    const svg = readFileSync('strip.svg', 'utf8');
    expect(svg).toMatch(/^<svg .*aria-label="Variance of 2 groups: /);
    expect(svg).toMatch(/>drifting over since 2026-01-\d\d</);
    expect(svg).toContain('>Sales &lt;b&gt;<');
    expect(svg).not.toContain('>Open<');
  });

  it('draws over an older drawing, and over nothing else', async () => {
    const [s, t] = [write('s.csv', SESSIONS), write('t.csv', TASK_FILE)];
    const files = ['variance', '--sessions', s, '--tasks', t];
    const { code, out, err } = await runCommand(registerVariance, [...files, '--plot', t]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('is there already and no drawing');
    expect(readFileSync(t, 'utf8')).toBe(TASK_FILE);
    const again = ['--plot', write('old.svg', '<svg>old</svg>')];
    expect((await runCommand(registerVariance, [...files, ...again])).code).toBe(0);
    expect(readFileSync('old.svg', 'utf8')).not.toContain('old');
  });

  it('gives the words beside the figures as JSON', async () => {
    const { out } = await plot('--json');
    const { groups, plot: told } = JSON.parse(out) as { groups: unknown[]; plot: string };
    expect(told.split('\n')).toEqual(TOLD);
    expect(groups).toHaveLength(3);
  });
});
