/** Wakes one sleeper; a ring while it is awake lets it not fall asleep, so that none is missed. */
export interface Bell {
  readonly ring: () => void;
  /** Resolves at the next ring, or at once where it rang since it was last heard. */
  readonly heard: () => Promise<void>;
}

/** A bell that has not rung. */
export function createBell(): Bell {
  let hasRung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      hasRung = true;
      wake?.();
    },
    async heard() {
      if (!hasRung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      hasRung = false;
      wake = undefined;
    },
  };
}

/** Resolves when a promise does or a signal fires, whichever is first. */
export function untilStopped(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      signal.removeEventListener('abort', end);
      resolve();
    };
    if (signal.aborted) resolve();
    signal.addEventListener('abort', end);
    promise.then(end, reject);
  });
}
