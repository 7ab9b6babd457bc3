import { describe, expect, it } from 'vitest';
import { type StatusView, type StatusWatch, watchStatus } from '#worker/cli/watch-status.ts';

const view = (line: string, lines: readonly string[] = [line]): StatusView => ({
  lines,
  line,
  json: { says: line },
});

/** Shows these views one after the other, and answers what was written. */
async function show(views: readonly StatusView[], more: Partial<StatusWatch> = {}) {
  const stop = new AbortController();
  const left = [...views];
  const written: string[] = [];
  const waits: number[] = [];
  await watchStatus({
    look: async () => left.shift() ?? view('none'),
    out: (text) => written.push(text),
    isJson: false,
    now: () => `t${waits.length}`,
    wait: async (ms) => {
      waits.push(ms);
      if (left.length === 0) stop.abort();
    },
    everyMs: 5_000,
    signal: stop.signal,
    ...more,
  });
  return { written, waits };
}

describe('watchStatus', () => {
  it('tells a line each time something has changed, where there is no screen', async () => {
    const { written, waits } = await show([view('idle'), view('idle'), view('busy'), view('idle')]);
    expect(written).toEqual(['t0 idle\n', 't2 busy\n', 't3 idle\n']);
    expect(waits).toEqual([5_000, 5_000, 5_000, 5_000]);
  });

  it('gives a program one object each time, on a screen too', async () => {
    const { written } = await show([view('idle'), view('idle'), view('busy')], {
      isJson: true,
      rows: 30,
    });
    expect(written.map((text) => JSON.parse(text))).toEqual([
      { at: 't0', says: 'idle' },
      { at: 't2', says: 'busy' },
    ]);
  });

  it('shows all of it anew on a screen, as far as it fits', async () => {
    const { written } = await show([view('x', ['1', '2', '3', '4', '5'])], { rows: 6 });
    expect(written).toEqual(['\u001b[H\u001b[J1\n2\n3\n… and 2 more lines\nt0; Ctrl-C ends it\n']);
    const whole = await show([view('x', ['1', '2'])], { rows: 4 });
    expect(whole.written).toEqual(['\u001b[H\u001b[J1\n2\nt0; Ctrl-C ends it\n']);
  });

  it('looks no more once it was told to stop', async () => {
    const stop = new AbortController();
    stop.abort();
    expect((await show([view('idle')], { signal: stop.signal })).written).toEqual([]);
  });
});
