/**
 * How long all nine groupings of 50,000, 100,000 and 200,000 runs take in one pass, from records to figures, and how much
 * memory: each size in a process of its own, so that its peak is its own. One JSON line; the ratio of the last to the
 * first is 4 where the cost is linear.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MINUTE_MS, toInstant } from '#shared/kernel/index.ts';
import {
  GROUPINGS,
  type SessionRecord,
  type TaskRecord,
  toRecordedWork,
  varianceByGroupings,
} from '#shared/variance/index.ts';

const SIZES = [50_000, 100_000, 200_000];
const ROUNDS = 3;
const START_MS = Date.UTC(2024, 0, 1);

/** Numbers that look drawn and are the same in every run. */
const spread = (index: number, span: number): number => ((index * 2_654_435_761) >>> 0) % span;

function createRecords(count: number) {
  const taskCount = count / 4;
  const tasks = Array.from({ length: taskCount }, (_, index): TaskRecord => {
    const at = START_MS + index * 10 * MINUTE_MS;
    return {
      taskId: `t${index}`,
      isFinished: true,
      completedAt: toInstant(at + 3 * 86_400_000),
      estimates: [{ estimateMs: (1 + spread(index, 16)) * 30 * MINUTE_MS, at: toInstant(at) }],
      names: {
        workflow: `w${spread(index, 60)}`,
        process_template: `p${spread(index, 120)}`,
        project: `j${spread(index, 400)}`,
        venture: `v${spread(index, 3)}`,
      },
    };
  });
  const sessions = Array.from({ length: count }, (_, index): SessionRecord => {
    const task = Math.floor(index / 4);
    const startMs = START_MS + (task * 10 + (index % 4) * 600) * MINUTE_MS;
    return {
      runId: `r${index}`,
      taskId: `t${task}`,
      startedAt: toInstant(startMs),
      endedAt: toInstant(startMs + (5 + spread(index, 90)) * MINUTE_MS),
      names: { person: `person ${task % 40}` },
    };
  });
  return { tasks, sessions };
}

function measure(count: number) {
  const { tasks, sessions } = createRecords(count);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const startMs = performance.now();
    const work = toRecordedWork(tasks, sessions, 'Europe/Berlin');
    const readMs = performance.now();
    const groups = varianceByGroupings(work.tasks, work.sessions, GROUPINGS);
    const doneMs = performance.now();
    const counted = groups.get('workflow')?.reduce((sum, { nRuns }) => sum + nRuns, 0);
    return { recordsMs: readMs - startMs, groupingsMs: doneMs - readMs, counted };
  });
  const middle = (pick: (round: (typeof rounds)[number]) => number): number =>
    Math.round(rounds.map(pick).sort((one, other) => one - other)[1] ?? 0);
  return {
    sessions: count,
    groupings: GROUPINGS.length,
    countedRuns: rounds[0]?.counted,
    recordsMs: middle(({ recordsMs }) => recordsMs),
    groupingsMs: middle(({ groupingsMs }) => groupingsMs),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1_024),
  };
}

const [size] = process.argv.slice(2);
if (size === undefined) {
  const file = fileURLToPath(import.meta.url);
  const results = SIZES.map((count) => {
    const { stdout } = spawnSync(process.execPath, [file, String(count)], { encoding: 'utf8' });
    return JSON.parse(stdout);
  });
  const total = ({ recordsMs, groupingsMs }: (typeof results)[number]) => recordsMs + groupingsMs;
  const ratio = Number((total(results.at(-1)) / total(results[0])).toFixed(2));
  console.log(
    JSON.stringify({ bench: 'variance-sessions', results, ratioFourTimesTheRuns: ratio }),
  );
} else {
  console.log(JSON.stringify(measure(Number(size))));
}
