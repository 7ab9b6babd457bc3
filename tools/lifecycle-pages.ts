import { isFinal, listTransitions, type TransitionTable } from '#shared/kernel/index.ts';
import { RUN_STATES, RUN_TRANSITIONS, RUN_TRIGGERS } from '#shared/lifecycle/index.ts';
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
    states: RUN_STATES,
    triggers: RUN_TRIGGERS,
    table: RUN_TRANSITIONS,
  },
];

const SOURCE = 'the transition table';

/** A diagram and a reference page for each lifecycle. */
export function toLifecyclePages(): readonly Page[] {
  return LIFECYCLES.flatMap((lifecycle) => [toDiagramPage(lifecycle), toReferencePage(lifecycle)]);
}

function toDiagramPage({ name, birth, states, triggers, table }: Lifecycle): Page {
  const [first = ''] = states;
  const edges = mergeByEdge(listTransitions(table, states, triggers));
  return toPage(`docs/diagrams/${name}.md`, SOURCE, [
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
  return toPage(`docs/reference/${name}.md`, SOURCE, [
    `# States and triggers of a ${name}`,
    '',
    `${states.length} states, ${triggers.length} triggers, ${transitions.length} transitions over ${edges.length} edges.`,
    `A ${name} is born ${first} by \`${birth}\`. A cell names the state that follows; an empty cell is refused as`,
    '`ILLEGAL_TRANSITION`, and *final* as `FINAL_STATE`. Guards may refuse a listed transition, never add one.',
    '',
    ...toTable(['from', ...triggers], rows),
  ]);
}

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
