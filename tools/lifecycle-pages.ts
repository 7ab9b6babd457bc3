import { isFinal, listTransitions, type TransitionTable } from '#shared/kernel/index.ts';
import * as lifecycle from '#shared/lifecycle/index.ts';
import { type Page, toPage, toTable } from './page.ts';

/** A lifecycle as the pages need it: words and cells, nothing that runs. */
interface Lifecycle {
  readonly name: string;
  readonly birth: string;
  readonly states: readonly string[];
  readonly triggers: readonly string[];
  readonly table: TransitionTable<string, string>;
}

const LIFECYCLES: readonly Lifecycle[] = [
  {
    name: 'run',
    birth: 'create',
    states: lifecycle.RUN_STATES,
    triggers: lifecycle.RUN_TRIGGERS,
    table: lifecycle.RUN_TRANSITIONS,
  },
  {
    name: 'task',
    birth: 'create',
    states: lifecycle.TASK_STATES,
    triggers: lifecycle.TASK_TRIGGERS,
    table: lifecycle.TASK_TRANSITIONS,
  },
  {
    name: 'workstream',
    birth: 'create',
    states: lifecycle.WORKSTREAM_STATES,
    triggers: lifecycle.WORKSTREAM_TRIGGERS,
    table: lifecycle.WORKSTREAM_TRANSITIONS,
  },
  {
    name: 'phase',
    birth: 'create',
    states: lifecycle.PHASE_STATES,
    triggers: lifecycle.PHASE_TRIGGERS,
    table: lifecycle.PHASE_TRANSITIONS,
  },
  {
    name: 'step attempt',
    birth: 'create',
    states: lifecycle.STEP_STATES,
    triggers: lifecycle.STEP_TRIGGERS,
    table: lifecycle.STEP_TRANSITIONS,
  },
  {
    name: 'worker',
    birth: 'create',
    states: lifecycle.WORKER_STATES,
    triggers: lifecycle.WORKER_TRIGGERS,
    table: lifecycle.WORKER_TRANSITIONS,
  },
  {
    name: 'patch',
    birth: 'create',
    states: lifecycle.PATCH_STATES,
    triggers: lifecycle.PATCH_TRIGGERS,
    table: lifecycle.PATCH_TRANSITIONS,
  },
  {
    name: 'gate check',
    birth: 'create',
    states: lifecycle.GATE_CHECK_STATES,
    triggers: lifecycle.GATE_CHECK_TRIGGERS,
    table: lifecycle.GATE_CHECK_TRANSITIONS,
  },
  {
    name: 'breaker',
    birth: 'create',
    states: lifecycle.BREAKER_STATES,
    triggers: lifecycle.BREAKER_TRIGGERS,
    table: lifecycle.BREAKER_TRANSITIONS,
  },
];

const SOURCE = 'the transition table';

/** A diagram and a reference page for each lifecycle. */
export function toLifecyclePages(): readonly Page[] {
  return LIFECYCLES.flatMap((machine) => [toDiagramPage(machine), toReferencePage(machine)]);
}

function toDiagramPage({ name, birth, states, triggers, table }: Lifecycle): Page {
  const [first = ''] = states;
  const edges = mergeByEdge(listTransitions(table, states, triggers));
  return toPage(`docs/diagrams/${toFileName(name)}.md`, SOURCE, [
    `# Lifecycle of a ${name}`,
    '',
    '```mermaid',
    'stateDiagram-v2',
    `  [*] --> ${first}: ${birth}`,
    ...edges.map(({ from, to, labels }) => `  ${from} --> ${to}: ${labels.join(', ')}`),
    ...states.filter((state) => isFinal(table, state)).map((state) => `  ${state} --> [*]`),
    '```',
  ]);
}

function toReferencePage({ name, birth, states, triggers, table }: Lifecycle): Page {
  const [first = ''] = states;
  const transitions = listTransitions(table, states, triggers);
  const edges = mergeByEdge(transitions);
  const rows = states.map((from) => {
    const gap = isFinal(table, from) ? 'final' : '';
    return [`**${from}**`, ...triggers.map((trigger) => table[from]?.[trigger] ?? gap)];
  });
  return toPage(`docs/reference/${toFileName(name)}.md`, SOURCE, [
    `# States and triggers of a ${name}`,
    '',
    `${states.length} states, ${triggers.length} triggers, ${transitions.length} transitions over ${edges.length} edges.`,
    `A ${name} is born ${first} by \`${birth}\`. A cell names the state that follows; an empty cell is refused as`,
    '`ILLEGAL_TRANSITION`, and *final* as `FINAL_STATE`. Guards may refuse a listed transition, never add one.',
    '',
    ...toTable(['from', ...triggers], rows),
  ]);
}

const toFileName = (name: string): string => name.replaceAll(' ', '-');

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly labels: readonly string[];
}

/** Two triggers between the same states are one arrow with two labels. */
function mergeByEdge(
  transitions: readonly { from: string; trigger: string; to: string }[],
): readonly Edge[] {
  const edges = new Map<string, Edge>();
  for (const { from, trigger, to } of transitions) {
    const key = `${from} ${to}`;
    edges.set(key, { from, to, labels: [...(edges.get(key)?.labels ?? []), trigger] });
  }
  return [...edges.values()];
}
