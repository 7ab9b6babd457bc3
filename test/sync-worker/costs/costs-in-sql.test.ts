import * as fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLabourRates, rollUp, timeDimensionsAt, toLabourLeaf } from '#shared/cost/index.ts';
import { addDays, startOfDay, toInstant } from '#shared/kernel/index.ts';
import { HAS_NO_POSTGRES, POSTGRES_URL } from '../store/postgres/postgres-docs.ts';

const ZONE = 'America/New_York';
const END = Date.UTC(9999, 0, 1);
const PROJECTS = ['acme', 'beta', 'own'];
/** Two rates of one person, one of another, and none of the third. */
const RATES = [
  {
    person: 'dana',
    validFrom: 0,
    validTo: Date.UTC(2026, 2, 20, 17),
    cost: 33_333_333n,
    bill: 90_000_001n,
  },
  { person: 'dana', validFrom: Date.UTC(2026, 2, 20, 17), validTo: END, cost: 41n, bill: 7n },
  { person: 'lee', validFrom: 0, validTo: END, cost: 59_999_999n, bill: 120_000_000n },
];
const anyRun = fc.record({
  project: fc.constantFrom(...PROJECTS),
  person: fc.constantFrom('dana', 'lee', 'kim'),
  // Around both changes of the clocks, and the ends of three months.
  endedAtMs: fc.integer({ min: Date.UTC(2026, 1, 27), max: Date.UTC(2026, 4, 2) }),
  netMs: fc.integer({ min: 0, max: 50_000_000 }),
});
type Run = Readonly<{ project: string; person: string; endedAtMs: number; netMs: number }>;

const opened = openLabourRates(
  RATES.map(({ person, validFrom, validTo, cost, bill }) => ({
    person,
    currency: 'EUR',
    validFrom: toInstant(validFrom),
    validTo: toInstant(validTo),
    costMicrosPerHour: cost,
    billableMicrosPerHour: bill,
  })),
);

/** `project month`, hours in ms, cost and billable value in micros, unpriced runs: the rollup's rows. */
function byCore(runs: readonly Run[]): readonly string[] {
  if (!opened.ok) throw new Error(opened.refusal.code);
  const price = opened.value;
  const leaves = runs.map(({ project, person, endedAtMs, netMs }, index) => {
    const occurredAt = toInstant(endedAtMs);
    const dimensions = { project, ...timeDimensionsAt(occurredAt, ZONE) };
    const facts = { leafId: String(index), person, personName: person, effortMs: netMs };
    return toLabourLeaf({ ...facts, occurredAt, isBillable: project !== 'own', dimensions }, price);
  });
  return rollUp(leaves, ['project', 'month']).map(({ key, effortMs, totals, unpricedCount }) => {
    const { costMicros = 0n, billableMicros = 0n } = totals[0] ?? {};
    return [key['project'], key['month'], effortMs, costMicros, billableMicros, unpricedCount].join(
      ' ',
    );
  });
}

/** The same by a database: its own zones, its own exact numbers, its own rounding, which goes half away from 0 unless told. */
const SUMS = `
WITH priced AS (
  SELECT run.*, to_char(to_timestamp(ended_ms / 1000.0) AT TIME ZONE '${ZONE}', 'YYYY-MM') AS month,
         cost * net_ms / 3600000 AS exact_cost,
         CASE WHEN project <> 'own' THEN bill * net_ms / 3600000 END AS exact_bill
  FROM run LEFT JOIN rate ON rate.person = run.person AND from_ms <= ended_ms AND ended_ms < to_ms
)
SELECT concat_ws(' ', project, month, sum(net_ms), coalesce(sum(half_even(exact_cost)), 0),
                 coalesce(sum(half_even(exact_bill)), 0), count(*) FILTER (WHERE exact_cost IS NULL)) AS line
FROM priced GROUP BY project, month ORDER BY project COLLATE "C", month COLLATE "C"`;
const TABLES = `
CREATE TEMP TABLE run (project text, person text, ended_ms bigint, net_ms numeric);
CREATE TEMP TABLE rate (person text, from_ms bigint, to_ms bigint, cost numeric, bill numeric);
CREATE FUNCTION pg_temp.half_even(x numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN x - floor(x) = 0.5 AND floor(x) % 2 = 0 THEN floor(x) ELSE round(x) END';`;

describe.skipIf(HAS_NO_POSTGRES)('hours and money by project and month', () => {
  const client = new Client({ connectionString: POSTGRES_URL });
  beforeAll(async () => {
    await client.connect();
    await client.query(TABLES);
    for (const { person, validFrom, validTo, cost, bill } of RATES) {
      const values = [person, validFrom, validTo, String(cost), String(bill)];
      await client.query('INSERT INTO rate VALUES ($1, $2, $3, $4, $5)', values);
    }
  });
  afterAll(() => client.end());

  it('are to the micro what a database makes of the same runs', async () => {
    const drawn = fc.sample(anyRun, { numRuns: 3_000, seed: 1 });
    // The last millisecond of March in that zone, the first of April, and the hour a clock skips.
    const april = startOfDay('2026-04-01', ZONE);
    const skipped = startOfDay(addDays('2026-03-07', 1), ZONE) + 7_200_000;
    const edges = [april - 1, april, skipped - 1, skipped].map((endedAtMs) => ({
      project: 'acme',
      person: 'dana',
      endedAtMs,
      netMs: 1_800_000,
    }));
    const runs = [...drawn, ...edges];
    await client.query(
      'INSERT INTO run SELECT * FROM json_to_recordset($1) AS r(project text, person text, "endedAtMs" bigint, "netMs" numeric)',
      [JSON.stringify(runs)],
    );
    const { rows } = await client.query<{ readonly line: string }>(
      SUMS.replaceAll('half_even', 'pg_temp.half_even'),
    );
    expect(rows).toHaveLength(12);
    expect(byCore(runs)).toEqual(rows.map(({ line }) => line));
  });
});
