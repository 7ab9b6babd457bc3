/** What the exit code of `founder-hq` says. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** The command line itself cannot be understood. */
  usage: 2,
  /** A gate said no. */
  refused: 3,
  /** Part of the work is done and safe; the same command again does the rest. */
  resumable: 4,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
