/** Says how far a long command is: one line that changes on a terminal, a line a second elsewhere. */
export interface Progress {
  readonly say: (text: string) => void;
  /** Clears the line for what comes after it. */
  readonly end: () => void;
}

const INTERVAL_MS = 1_000;
const CLEAR_LINE = '\r\u001b[2K';

/** Progress on standard error, so that standard output holds the answer alone. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let lastMs = 0;
  let phase = '';
  return {
    say: (text) => {
      if (stream.isTTY) {
        stream.write(`${CLEAR_LINE}${text.slice(0, Math.max(20, stream.columns - 1))}`);
        return;
      }
      const [head = text] = text.split(/[:,]/);
      const isNews = head !== phase || Date.now() - lastMs >= INTERVAL_MS;
      if (!isNews) return;
      phase = head;
      lastMs = Date.now();
      stream.write(`${text}\n`);
    },
    end: () => {
      if (stream.isTTY) stream.write(CLEAR_LINE);
    },
  };
}
