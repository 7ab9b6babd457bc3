import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnSpec, tableSpec, toVarianceInput } from '#shared/doc/index.ts';
import { addDays, DAY_MS, isDay, isInstant, mondayOf, weekNameOf } from '#shared/kernel/index.ts';
import { headline, inspectTasks } from '#shared/variance/index.ts';
import {
  createSampleBusiness,
  type SampleRow,
  type SampleTable,
} from '#worker/local-doc/sample/index.ts';
import { rowsOf, toDoc, varianceOfSample } from './sample-doc.ts';

const END_DAY = '2026-11-20';
const sample = createSampleBusiness({ endDay: END_DAY });
const displayOf = (table: SampleTable['table']) =>
  tableSpec(table).columns.find((column) => column.isDisplay === true)?.name ?? 'name';
const anyBusiness = fc
  .record({
    endDay: fc.integer({ min: 0, max: 800 }).map((days) => addDays('2025-10-01', days)),
    seed: fc.nat(),
  })
  .map((options) => ({ ...options, rows: createSampleBusiness(options) }));

type Check = (cell: SampleRow[string], column: ColumnSpec, known: ReadonlySet<string>) => boolean;
const isText: Check = (cell) => typeof cell === 'string' && cell !== '';
const isAmount: Check = (cell) => typeof cell === 'number' && cell > 0;
const CHECKS: Record<ColumnSpec['type'], Check> = {
  text: isText,
  person: isText,
  number: isAmount,
  percent: isAmount,
  currency: isAmount,
  checkbox: (cell) => typeof cell === 'boolean',
  date: (cell) => isDay(`${cell}`),
  dateTime: (cell) => isInstant(`${cell}`),
  select: (cell, { options = [] }) => options.includes(`${cell}`),
  lookup: (cell, { lookupTable }, known) => known.has(`${lookupTable}/${cell}`),
};
const isTyped = (column: ColumnSpec) => column.isCalculated !== true && column.owner !== 'derived';

describe('createSampleBusiness, as rows', () => {
  it('fills only cells that people type, each of its column’s kind, and links only to rows that are there', () => {
    const known = new Set<string>();
    const faults = sample.flatMap(({ table, rows }) => {
      const found = rows.flatMap((row) =>
        Object.entries(row).map(([name, cell]) => {
          const column = tableSpec(table).columns.find((candidate) => candidate.name === name);
          const isFit =
            column !== undefined && isTyped(column) && CHECKS[column.type](cell, column, known);
          return isFit ? '' : `${table}.${name}: ${cell}`;
        }),
      );
      for (const row of rows) known.add(`${table}/${row[displayOf(table)]}`);
      return found.filter((fault) => fault !== '');
    });
    expect(faults).toEqual([]);
  });

  it('never gives two rows of a table one display name or one key', () => {
    const doubled = [...new Set(sample.map(({ table }) => table))].filter((table) => {
      const rows = rowsOf(sample, table);
      const key = sample.find((part) => part.table === table)?.key ?? '';
      return [displayOf(table), key].some(
        (name) => new Set(rows.map((row) => row[name])).size < rows.length,
      );
    });
    expect(doubled).toEqual([]);
  });

  it('holds half a year of work, up to the week of its last day', () => {
    const count = (table: string) => rowsOf(sample, table).length;
    expect([count('workflows'), count('projects'), count('offers'), count('people')]).toEqual([
      8, 13, 4, 3,
    ]);
    expect([count('tasks'), count('execution_runs')]).toEqual([270, 604]);
    const sprints = rowsOf(sample, 'sprints');
    expect(sprints).toHaveLength(26);
    expect(sprints.at(-1)).toMatchObject({
      name: weekNameOf(END_DAY),
      start_date: mondayOf(END_DAY),
    });
  });

  it('is the same for the same options, and another one for another seed', () => {
    expect(createSampleBusiness({ endDay: END_DAY, seed: 1 })).toEqual(sample);
    expect(createSampleBusiness({ endDay: END_DAY, seed: 2 })).not.toEqual(sample);
  });
});

describe('createSampleBusiness, as a story', () => {
  it('has a workflow its runs make look under that really runs over, whatever the seed', () => {
    const law = fc.property(anyBusiness, ({ rows }) => {
      const groups = varianceOfSample(rows);
      const audit = groups.find(({ group }) => group === 'Marketing Audit');
      expect(audit?.nTasks).toBe(41);
      expect(audit?.looks).toBeLessThan(-0.05);
      expect(audit?.total).toBeGreaterThan(0.25);
      expect(headline(groups, new Map())).toMatch(
        /^Marketing Audit looks 1\d % under; it really runs 3\d % over: 41/,
      );
    });
    fc.assert(law, { numRuns: 20 });
  });

  it('has one workflow in balance, one that runs under and one with too few tasks', () => {
    const groups = new Map(varianceOfSample(sample).map((group) => [group.group, group]));
    expect(groups.get('Client Onboarding')).toMatchObject({
      drift: { state: 'stable' },
      nTasks: 44,
    });
    expect(groups.get('Client Onboarding')?.total).toBeCloseTo(0, 1);
    expect(groups.get('Monthly Reporting')?.total).toBeCloseTo(-0.22, 1);
    expect(groups.get('Hiring Support')).toMatchObject({
      drift: { state: 'insufficient', needed: 26 },
      suggestion: null,
    });
  });

  it('has each trouble once: a forgotten timer, contradicting links, a double entry, a stray run, running timers, a doubtful tree', () => {
    const { tasks, sessions, findings } = toVarianceInput(toDoc(sample));
    const groups = varianceOfSample(sample);
    const standings = (standing: string) =>
      sessions.filter((session) => session.standing === standing);
    expect([
      standings('suspect').length,
      standings('open').length,
      standings('invalid').length,
    ]).toEqual([1, 2, 0]);
    const excluded = groups.map((group) =>
      Object.entries(group.excluded).filter(([, count]) => count > 0),
    );
    expect(excluded.flat()).toEqual(
      expect.arrayContaining([
        ['unconfirmed', 1],
        ['no_estimate', 1],
        ['no_time', 1],
        ['conflict', 1],
      ]),
    );
    expect(groups.at(-1)).toMatchObject({ bucket: 'unresolved', allNetMs: 1.25 * 3_600_000 });
    expect(inspectTasks(tasks).map(({ code }) => code)).toEqual(['estimate_mismatch']);
    expect(findings.map(({ code }) => code)).toEqual([
      'LINEAGE_CONFLICT',
      'RUN_SUSPECT',
      'RUN_POSSIBLE_DUPLICATE',
      // The first pass of the worker freezes them.
      'ESTIMATE_UNFROZEN',
    ]);
  });
});

describe('createSampleBusiness, as a diary', () => {
  it('has nobody work on two things at once, at night, at a weekend or after the last day', () => {
    const law = fc.property(anyBusiness, ({ endDay, rows }) => {
      const runs = rowsOf(rows, 'execution_runs').map((row) => {
        const [startedAt, endedAt] = [
          `${row['started_at']}`,
          `${row['ended_at'] ?? row['started_at']}`,
        ];
        // A forgotten timer says nothing about when the work ended.
        const isForgotten = Date.parse(endedAt) - Date.parse(startedAt) > DAY_MS;
        return {
          person: row['executed_by'],
          startedAt,
          endedAt: isForgotten ? startedAt : endedAt,
        };
      });
      const overlaps = ['Dana', 'Mika', 'Robin'].flatMap((person) => {
        const own = runs.filter((run) => run.person === person);
        return own.filter((run, index) => run.startedAt < (own[index - 1]?.endedAt ?? ''));
      });
      expect(overlaps).toEqual([]);
      const isAtNight = ({ startedAt, endedAt }: (typeof runs)[number]) =>
        startedAt.slice(11, 16) < '09:00' || endedAt > `${startedAt.slice(0, 10)}T18:00:00.000Z`;
      expect(runs.filter(isAtNight)).toEqual([]);
      const days = runs.map((run) => run.startedAt.slice(0, 10));
      expect(days.filter((day) => day > endDay || day >= addDays(mondayOf(day), 5))).toEqual([]);
    });
    fc.assert(law, { numRuns: 20 });
  });

  it('completes a task on the day of its last run', () => {
    const runs = rowsOf(sample, 'execution_runs');
    const late = rowsOf(sample, 'tasks').filter((task) => {
      const days = runs
        .filter((run) => run['task'] === task['name'])
        .map((run) => `${run['started_at']}`.slice(0, 10));
      return (
        task['status'] === 'Done' && days.length > 0 && task['completed_on'] !== days.sort().at(-1)
      );
    });
    expect(late).toEqual([]);
  });
});
