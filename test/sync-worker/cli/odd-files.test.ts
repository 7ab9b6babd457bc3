import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registerBacktest } from '#worker/cli/backtest.ts';
import { registerExplain } from '#worker/cli/explain.ts';
import { registerForecast } from '#worker/cli/forecast.ts';
import { registerVariance } from '#worker/cli/variance.ts';
import { askForJson, expectPlainWords, oddRows, toCsv } from './odd-tables.ts';
import { runCommand, useEmptyFolder } from './run-command.ts';

const SESSIONS = {
  run_id: 'id',
  task_id: 'id',
  workflow: 'name',
  person: 'name',
  started_at: 'moment',
  ended_at: 'moment',
  net_minutes: 'hours',
  interruption_minutes: 'hours',
} as const;
const TASKS = {
  task_id: 'id',
  parent_id: 'id',
  workflow: 'name',
  project: 'name',
  person: 'name',
  estimated_hours: 'hours',
  estimated_on: 'moment',
  completed_on: 'day',
  depends_on: 'id',
  scheduled_on: 'day',
  due_on: 'day',
  added_on: 'day',
  actual_hours: 'hours',
} as const;
const HISTORY = {
  workflow: 'name',
  person: 'name',
  estimated_hours: 'hours',
  actual_hours: 'hours',
  estimated_on: 'day',
  completed_on: 'day',
} as const;
const ZONE = ['--zone', 'Europe/Berlin'];

const write = useEmptyFolder();
const csv = (name: string, columns: object, rows: Parameters<typeof toCsv>[1]): string =>
  write(name, toCsv(Object.keys(columns), rows));
type Rows = Parameters<typeof toCsv>[1];
const ofSessions = (rows: Rows): readonly string[] => ['--sessions', csv('s.csv', SESSIONS, rows)];
const ofTasks = (rows: Rows): readonly string[] => ['--tasks', csv('t.csv', TASKS, rows)];
const ofHistory = (rows: Rows): readonly string[] => ['--history', csv('h.csv', HISTORY, rows)];

const isFigure = (part: unknown): part is { readonly value: unknown; readonly reason: unknown } =>
  typeof part === 'object' && part !== null && 'value' in part && 'reason' in part;

/** Whether there is a file of which no row can be read. */
const isUnread = (
  given: Readonly<Record<string, Rows | undefined>>,
  refused: readonly { readonly file: string }[],
): boolean =>
  Object.entries(given).some(([name, rows = []]) => {
    const left = refused.filter(({ file }) => file === name).length;
    return left > 0 && left === rows.length;
  });

describe('any files whatever', () => {
  it('get a variance in which every row is told, and every number is one', async () => {
    const law = fc.asyncProperty(oddRows(SESSIONS), oddRows(TASKS), async (sessions, tasks) => {
      const argv = ['variance', ...ofSessions(sessions), ...ofTasks(tasks), ...ZONE];
      const ended = await runCommand(registerVariance, argv);
      expectPlainWords(ended);
      const { flags, groups, refused } = await askForJson(registerVariance, [...argv, '--detail']);
      const counted = groups.reduce(
        (sum: number, group: { nAllRuns: number }) => sum + group.nAllRuns,
        0,
      );
      const left = refused.filter(({ file }: { file: string }) => file === 'sessions').length;
      expect(ended.code).toBe(left > 0 && left === sessions.length ? 1 : 0);
      const named = flags.open + flags.invalid + flags.repeated + flags.mismatch + left;
      // Runs of over 24 h count with net minutes and not without.
      const suspects = sessions.length - counted - named;
      expect(suspects).toBeGreaterThanOrEqual(0);
      expect(suspects).toBeLessThanOrEqual(flags.suspect);
      for (const { typical, total, nTasks } of groups) {
        expect([typical === null, total === null]).toEqual([nTasks === 0, nTasks === 0]);
      }
    });
    await fc.assert(law, { numRuns: 150 });
  });

  it('get an explanation of whichever workflow they name, or the names there are', async () => {
    const law = fc.asyncProperty(
      oddRows(SESSIONS),
      oddRows(TASKS),
      fc.constantFrom('A', 'conflict', '__proto__', ''),
      async (sessions, tasks, name) => {
        const files = [...ofSessions(sessions), ...ofTasks(tasks)];
        const argv = ['explain', 'workflow', name, ...files, ...ZONE];
        const ended = await runCommand(registerExplain, argv);
        expectPlainWords(ended);
        if (ended.code === 0) await askForJson(registerExplain, argv);
      },
    );
    await fc.assert(law, { numRuns: 100 });
  });

  it('get dates and earned value of every project, with a reason for each that is missing', async () => {
    const law = fc.asyncProperty(
      oddRows(TASKS),
      fc.option(oddRows(SESSIONS), { nil: undefined }),
      fc.option(oddRows(HISTORY), { nil: undefined }),
      async (tasks, sessions, history) => {
        const files = [
          ...ofTasks(tasks),
          ...(sessions === undefined ? [] : ofSessions(sessions)),
          ...(sessions === undefined || history === undefined ? [] : ofHistory(history)),
        ];
        const argv = ['forecast', '--date', '2026-03-28', ...files, ...ZONE];
        const ended = await runCommand(registerForecast, argv);
        expectPlainWords(ended);
        const { projects, refused } = await askForJson(registerForecast, argv);
        const given = sessions === undefined ? { tasks } : { tasks, sessions, history };
        expect(ended.code).toBe(isUnread(given, refused) ? 1 : 0);
        for (const { finish, earnedValue, project } of projects) {
          expect(finish.p95 === null).toBe(finish.reason !== null);
          const figures = Object.values<unknown>(earnedValue).filter(isFigure);
          expect(figures).toHaveLength(5);
          expect(figures.every(({ value, reason }) => (value === null) !== (reason === null))).toBe(
            true,
          );
          if (project === null) continue;
          expectPlainWords(await runCommand(registerForecast, [...argv, '--project', project]));
        }
      },
    );
    await fc.assert(law, { numRuns: 60 });
  });

  it('get hours for each open task, and a word on each that has none', async () => {
    const law = fc.asyncProperty(oddRows(TASKS), oddRows(HISTORY), async (tasks, history) => {
      const argv = ['forecast', ...ofTasks(tasks), ...ofHistory(history)];
      const ended = await runCommand(registerForecast, argv);
      expectPlainWords(ended);
      const { forecasts, unestimatedIds, refused } = await askForJson(registerForecast, argv);
      expect(ended.code).toBe(isUnread({ tasks, history }, refused) ? 1 : 0);
      const left = refused.filter(({ file }: { file: string }) => file === 'tasks').length;
      expect(forecasts.length + unestimatedIds.length + left).toBeLessThanOrEqual(tasks.length);
    });
    await fc.assert(law, { numRuns: 100 });
  });

  it('get a backtest in which every row is told, or the reason why there is none', async () => {
    const law = fc.asyncProperty(oddRows(HISTORY, 40), async (history) => {
      const argv = ['backtest', csv('h.csv', HISTORY, history)];
      const ended = await runCommand(registerBacktest, argv);
      expectPlainWords(ended);
      if (ended.code !== 0) return;
      const told = await askForJson(registerBacktest, argv);
      expect(told.rows + told.excluded).toBe(history.length);
    });
    await fc.assert(law, { numRuns: 100 });
  });
});
