import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPackBench } from '../pack-bench.ts';

const DOC = 'CxcSmXz318';
const at = (time: string) => new Date(`2026-03-02T${time}:00.000Z`);

describe('CorrectRun', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function openBench() {
    const bench = openPackBench();
    vi.setSystemTime(at('09:00'));
    await bench.formula('StartRun', DOC, 'Audit Acme');
    vi.setSystemTime(at('11:00'));
    await bench.formula('FinishRun', DOC, 'Audit Acme');
    const [run] = await bench.sync('Runs', DOC);
    const correct = (...params: readonly unknown[]) =>
      bench.formula('CorrectRun', DOC, run?.['runId'], ...params);
    return { bench, correct, runId: run?.['runId'] };
  }

  it('changes what Runs shows of a run at once, as pending', async () => {
    const { bench, correct, runId } = await openBench();
    const answer = await correct('Left at ten.', undefined, at('10:00'), 0.25, 'Report Beta');
    expect(answer).toBe('Recorded: Correct · Report Beta · Dana. Now succeeded, 0.75 h.');
    expect(await bench.sync('Runs', DOC)).toMatchObject([
      {
        runId,
        task: 'Report Beta',
        hours: 0.75,
        endedAt: at('10:00').toISOString(),
        isPending: true,
      },
    ]);
    const writes = bench.seen.filter(
      ({ method, url }) => method === 'POST' && url.includes('rows'),
    );
    expect(writes).toHaveLength(3);
    expect(String(writes[2]?.body)).toContain(`"value":"run/${String(runId)}"`);
  });

  it('records what may be refused and says why', async () => {
    const { correct } = await openBench();
    expect(await correct('Ended before.', undefined, at('08:59'))).toBe(
      'Recorded: Correct · Audit Acme · Dana. It may be refused: give both anew.',
    );
    expect(await correct('Went on.', undefined, at('11:01'))).toContain('give a time that is past');
  });

  it('leaves a run that has left the Ledger table to the worker', async () => {
    const { bench } = await openBench();
    expect(await bench.formula('CorrectRun', DOC, 'LONGAGO', 'It was so.')).toBe(
      'Recorded: Correct · LONGAGO · Dana. The worker looks it up.',
    );
  });

  it.each<[string, readonly unknown[], RegExp]>([
    ['a blank run', [' ', 'why'], /Nothing was recorded: `run`/],
    ['a blank reason', ['R1', ' '], /Nothing was recorded: `reason`/],
    ['a date that is none', ['R1', 'why', new Date('soon')], /"start" is not a date/],
    ['a negative interruption', ['R1', 'why', undefined, undefined, -1], /`interruptionHours`/],
  ])('records nothing for %s', async (_name, params, sentence) => {
    const bench = openPackBench();
    await expect(bench.formula('CorrectRun', DOC, ...params)).rejects.toThrow(sentence);
    expect(bench.seen.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});
