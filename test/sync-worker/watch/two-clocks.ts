/** Both clocks of a computer on which time passes only where somebody waits, and a person who sets the one on the wall. */
export function createTwoClocks(wallAt: string) {
  let elapsedMs = 0;
  let aheadMs = Date.parse(wallAt);
  return {
    wall: () => aheadMs + elapsedMs,
    elapsed: () => elapsedMs,
    pass: (ms: number) => void (elapsedMs += ms),
    /** Sets the wall clock; units: ms. */
    set: (byMs: number) => void (aheadMs += byMs),
  };
}
