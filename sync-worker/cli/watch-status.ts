import type { Wait } from '#worker/coda/index.ts';

/** What stands at one moment: on a screen, in a line, and as an object for a program. */
export interface StatusView {
  readonly lines: readonly string[];
  /** Without the moment it was looked at, so that what has not changed reads the same. */
  readonly line: string;
  readonly json: object;
}

/** Where and how a status is shown again and again. */
export interface StatusWatch {
  readonly look: () => Promise<StatusView>;
  readonly out: (text: string) => void;
  /** What fits on the screen; absent where there is none. Units: lines. */
  readonly rows?: number;
  readonly isJson: boolean;
  /** The moment, as it stands before a line. */
  readonly now: () => string;
  readonly wait: Wait;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

const FROM_THE_TOP = '\u001b[H\u001b[J';
/** The line below, and the one the cursor is left in. */
const ROWS_KEPT = 2;

/** Shows a status until a signal fires: the whole of it anew on a screen, elsewhere one line each time it has changed. */
export async function watchStatus(watch: StatusWatch): Promise<void> {
  const { look, out, rows, isJson, now, wait, everyMs, signal } = watch;
  let shown: string | undefined;
  while (!signal.aborted) {
    const view = await look();
    if (rows !== undefined && !isJson) out(toScreen(view.lines, rows, `${now()}; Ctrl-C ends it`));
    else if (view.line !== shown) {
      out(`${isJson ? JSON.stringify({ at: now(), ...view.json }) : `${now()} ${view.line}`}\n`);
    }
    shown = view.line;
    await wait(everyMs);
  }
}

function toScreen(lines: readonly string[], rows: number, foot: string): string {
  const room = Math.max(1, rows - ROWS_KEPT);
  const left = lines.length - room;
  const kept = left > 0 ? [...lines.slice(0, room - 1), `… and ${left + 1} more lines`] : lines;
  return `${FROM_THE_TOP}${[...kept, foot].join('\n')}\n`;
}
