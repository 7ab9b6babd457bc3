import type { DatabaseSync } from 'node:sqlite';
import { integerOf } from './column.ts';

/** Calls back every so often until its result is called. */
export type Every = (periodMs: number, run: () => void) => () => void;

/** Tells its watchers when events were appended. */
export interface FileWatch {
  readonly watch: (onAppended: () => void) => () => void;
  /** Looks now, without waiting for the next round. */
  readonly look: () => void;
  /** Ends every watch. */
  readonly stop: () => void;
}

/** How often the file is asked whether another process wrote it. Units: ms. */
const LOOK_EVERY_MS = 200;

/** Rounds of the platform, which keep no process alive. */
export const everyByTimer: Every = (periodMs, run) => {
  const timer = setInterval(run, periodMs);
  timer.unref();
  return () => clearInterval(timer);
};

/**
 * Watches a file over its reading connection. SQLite counts what other connections commit, the writer of this store included,
 * and answers the count without reading the file; only a new count asks for the head.
 */
export function watchFile(reader: DatabaseSync, every: Every): FileWatch {
  const count = reader.prepare('PRAGMA data_version');
  const head = reader.prepare('SELECT position FROM ledger_head');
  const watchers = new Set<() => void>();
  let stopRounds: (() => void) | undefined;
  let seen = { count: 0, position: 0 };
  const read = () => ({
    count: integerOf(count.get(), 'data_version'),
    position: integerOf(head.get(), 'position'),
  });
  const look = () => {
    if (watchers.size === 0 || integerOf(count.get(), 'data_version') === seen.count) return;
    const { position } = seen;
    seen = read();
    if (seen.position === position) return;
    // What a watcher throws is its own affair, and none of the step that has landed.
    for (const onAppended of watchers) queueMicrotask(onAppended);
  };
  const end = () => {
    stopRounds?.();
    stopRounds = undefined;
  };
  return {
    watch(onAppended) {
      // A watcher of its own for each call, so that the same function may watch twice.
      const watcher = () => onAppended();
      if (watchers.size === 0) seen = read();
      watchers.add(watcher);
      stopRounds ??= every(LOOK_EVERY_MS, look);
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0) end();
      };
    },
    look,
    stop() {
      watchers.clear();
      end();
    },
  };
}
