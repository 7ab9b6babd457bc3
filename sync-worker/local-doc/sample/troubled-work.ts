import type { PlannedRun, PlannedTask } from './planned-work.ts';

/** What goes wrong in every doc sooner or later, one case each. */
export interface TroubledWork {
  readonly tasks: readonly PlannedTask[];
  /** Runs nobody linked to anything. */
  readonly strays: readonly PlannedRun[];
}

/** The troubles of the sample, so that every bucket, state and finding has something to show. */
export function createTroubledWork(today: number): TroubledWork {
  return {
    tasks: [...createTrees(), ...createGaps(), ...createTimers(today)],
    strays: [{ ...run('Mika', 60, 5), notes: 'Call; the task was never linked.' }],
  };
}

/** A parent whose children add up to its estimate and which took work of its own, and one that estimated more than they. */
function createTrees(): readonly PlannedTask[] {
  const launch = done('Launch week · Corvid Books website', 62, [run('Mika', 62, 2)]);
  const playbook = done('Playbook, second edition · Elm Street process map', 108, []);
  const child = (parent: PlannedTask, step: string, quarters: number): PlannedTask => ({
    ...done(`${step} · ${parent.project}`, parent.startWorkday ?? 0, [
      run('Robin', parent.startWorkday ?? 0, quarters),
    ]),
    parent: parent.name,
  });
  return [
    { ...launch, estimateHours: 10 },
    { ...child(launch, 'Set redirects', 20), estimateHours: 4 },
    { ...child(launch, 'Test under load', 16), estimateHours: 6 },
    { ...playbook, estimateHours: 12 },
    { ...child(playbook, 'Rewrite chapters', 24), estimateHours: 5 },
    { ...child(playbook, 'Redraw diagrams', 14), estimateHours: 4 },
  ];
}

/** Finished tasks that cannot be in a sample: no estimate, no time, or links that contradict one another. */
function createGaps(): readonly PlannedTask[] {
  const misfiled = { ...run('Robin', 95, 9), workflow: 'Monthly Reporting' };
  return [
    done('Unplanned call with the bookkeeper · Elm Street reporting', 88, [run('Robin', 88, 6)]),
    { ...done('Send the welcome pack · Elm Street onboarding', 70, []), estimateHours: 0.5 },
    { ...done('Chart template · Delmar Clinic audit', 95, [misfiled]), estimateHours: 2 },
  ];
}

/** A timer forgotten over a weekend, and two that run right now. */
function createTimers(today: number): readonly PlannedTask[] {
  const { quarters: _, ...forgotten } = run('Mika', 100, 0);
  const running = (name: string, person: string): PlannedTask => {
    const { quarters: _open, ...open } = run(person, today, 0);
    const task = done(name, today, [{ ...open, workflow: 'Studio Operations' }]);
    return { ...task, status: 'In progress', estimateHours: 2 };
  };
  const consent = 'Check the consent banner · Delmar Clinic website';
  return [
    {
      ...done(consent, 99, [run('Mika', 99, 8), { ...forgotten, isForgotten: true }]),
      estimateHours: 3,
    },
    running('Answer the inbox · Studio upkeep', 'Dana'),
    running('Sort receipts · Studio upkeep', 'Robin'),
  ];
}

function done(
  name: string,
  startWorkday: number,
  runs: readonly PlannedRun[],
): PlannedTask & { readonly startWorkday: number } {
  const project = name.slice(name.indexOf(' · ') + ' · '.length);
  return { name, project, status: 'Done', startWorkday, runs };
}

const run = (person: string, fromWorkday: number, quarters: number): PlannedRun => ({
  person,
  fromWorkday,
  quarters,
  interruptMinutes: 0,
});
