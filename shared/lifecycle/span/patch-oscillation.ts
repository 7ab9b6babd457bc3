/** What a patch did to lines; a line is named by its path and its text. */
export interface PatchTouch {
  readonly patchId: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** How many patches are looked at, and how many of them must toggle one line. */
export interface OscillationLimits {
  readonly oscillationWindow: number;
  readonly oscillationThreshold: number;
}

/** Three of the last five. */
export const OSCILLATION_LIMITS: OscillationLimits = {
  oscillationWindow: 5,
  oscillationThreshold: 3,
};

/** The patches that put a line in and take it out by turns, oldest first; none where no line is toggled often enough. */
export function findOscillation(
  touches: readonly PatchTouch[],
  limits: OscillationLimits = OSCILLATION_LIMITS,
): readonly string[] {
  const recent = touches.slice(-limits.oscillationWindow);
  const lines = new Set(recent.flatMap(({ added, removed }) => [...added, ...removed]));
  const toggling = new Set<string>();
  for (const line of lines) {
    const patchIds = listToggles(recent, line);
    if (patchIds.length < limits.oscillationThreshold) continue;
    for (const patchId of patchIds) toggling.add(patchId);
  }
  return recent.map(({ patchId }) => patchId).filter((patchId) => toggling.has(patchId));
}

/** The patches that each did to a line the opposite of what the one before did. A patch that only moves it does nothing to it. */
function listToggles(touches: readonly PatchTouch[], line: string): readonly string[] {
  const toggles: string[] = [];
  let isIn: boolean | undefined;
  for (const { patchId, added, removed } of touches) {
    const isAdded = added.includes(line);
    if (isAdded === removed.includes(line) || isAdded === isIn) continue;
    toggles.push(patchId);
    isIn = isAdded;
  }
  return toggles;
}
