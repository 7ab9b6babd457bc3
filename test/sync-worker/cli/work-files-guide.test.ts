import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registerBacktest } from '#worker/cli/backtest.ts';
import { registerExplain } from '#worker/cli/explain.ts';
import { registerForecast } from '#worker/cli/forecast.ts';
import type { Register } from '#worker/cli/program.ts';
import { registerVariance } from '#worker/cli/variance.ts';
import { BACKTEST_FIELDS } from '#worker/import/backtest-file.ts';
import { PROJECT_FIELDS } from '#worker/import/project-file.ts';
import { SESSION_FIELDS } from '#worker/import/session-file.ts';
import { runCommand, useEmptyFolder } from './run-command.ts';

const PAGE = readFileSync(resolve('docs/guide/work-files.md'), 'utf8');
const COMMANDS: Readonly<Record<string, Register>> = {
  variance: registerVariance,
  explain: registerExplain,
  forecast: registerForecast,
  backtest: registerBacktest,
};
const CALL = 'npm run -s founder-hq -- ';

/** The text of one chapter, from its heading to the next. */
const chapter = (heading: string): string =>
  PAGE.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';

/** The columns in the first cells of a chapter's tables. */
const columnsOf = (heading: string): readonly string[] =>
  [...chapter(heading).matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]*)`/g)].map(([, column = '']) => column),
  );

describe('the guide to the files of work', () => {
  const write = useEmptyFolder();

  it.each([
    ['Runs', SESSION_FIELDS],
    ['Tasks', PROJECT_FIELDS],
    ['Finished tasks', BACKTEST_FIELDS],
  ])('tells of every column of its chapter `%s`, and of no other', (heading, fields) => {
    expect([...columnsOf(heading)].sort()).toEqual(Object.keys(fields).sort());
  });

  it('shows what its commands print of its files', async () => {
    const parts = chapter('Worked example').split('```');
    const seen: string[] = [];
    for (const [place, part] of parts.entries()) {
      const file = /`([\w.]+\.csv)`:\s*$/.exec(part)?.[1];
      const block = (parts[place + 1] ?? '').trimStart();
      if (file !== undefined) write(file, block);
      if (!part.trim().startsWith(CALL)) continue;
      const [name = '', ...argv] = part.trim().slice(CALL.length).split(' ');
      const register = COMMANDS[name];
      expect(register).toBeDefined();
      if (register === undefined) continue;
      seen.push(name);
      const { out } = await runCommand(register, [name, ...argv]);
      const shown = (parts[place + 2] ?? '').split('\n').filter((line) => line !== '');
      expect(shown.length).toBeGreaterThan(0);
      // An excerpt: every line of it is printed, in this order.
      const printed = out.split('\n').filter((line) => shown.includes(line));
      expect(printed).toEqual(shown);
    }
    expect(seen).toEqual(['variance', 'explain', 'forecast', 'forecast', 'backtest']);
  });
});
