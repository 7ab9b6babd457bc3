/** A family of metrics as a reader that knows only the specification takes it. */
export interface ReadFamily {
  readonly type: string;
  unit: string;
  readonly samples: { readonly labels: Record<string, string>; readonly value: number }[];
}

type Families = Map<string, ReadFamily>;

const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;
const END = '# EOF\n';

/**
 * Reads OpenMetrics text as its specification has it, and throws at the first line that breaks it: families in one piece each, with
 * type and help, a unit that ends the name, counters that end in `_total`, no sample twice, and the end.
 * Source: OpenMetrics 1.0, "Text format".
 */
export function readMetrics(text: string): ReadonlyMap<string, ReadFamily> {
  check(text.endsWith(`\n${END}`), 'the text does not end');
  const families: Families = new Map();
  for (const line of text.slice(0, -END.length).trimEnd().split('\n')) {
    const [, word, name = '', rest = ''] = /^# (TYPE|UNIT|HELP) ([a-z_]+) (.+)$/.exec(line) ?? [];
    if (word === undefined) addSample(line, families);
    else if (word === 'TYPE') begin(name, rest, families);
    else describe(word, { name, rest }, families);
  }
  return families;
}

function begin(name: string, type: string, families: Families): void {
  check(!families.has(name), `${name} comes twice`);
  families.set(name, { type, unit: '', samples: [] });
}

function describe(
  word: string,
  { name, rest }: { readonly name: string; readonly rest: string },
  families: Families,
): void {
  const [last, family] = [...families].at(-1) ?? [];
  check(last === name && family?.samples.length === 0, `${word} of ${name} is out of place`);
  if (word !== 'UNIT' || family === undefined) return;
  check(name.endsWith(`_${rest}`), `no ${rest} in ${name}`);
  family.unit = rest;
}

function addSample(line: string, families: Families): void {
  const [name = '', family] = [...families].at(-1) ?? [];
  const { type = '', samples = [] } = family ?? {};
  const [, called, labelText = '', value] =
    /^([a-z_]+)(?:\{(.*)\})? (-?\d+(?:\.\d+)?)$/.exec(line) ?? [];
  check(called === (type === 'counter' ? `${name}_total` : name), `no sample of ${name}: ${line}`);
  const labels = readLabels(labelText);
  const known = samples.map((one) => JSON.stringify(one.labels));
  check(!known.includes(JSON.stringify(labels)), `twice: ${line}`);
  samples.push({ labels, value: Number(value) });
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== ''; ) {
    const [whole = '', key = '', written = ''] = LABEL.exec(rest) ?? [];
    check(whole !== '' && !(key in labels), `no labels: ${text}`);
    labels[key] = written.replaceAll(/\\(.)/g, (_, letter) => (letter === 'n' ? '\n' : letter));
    rest = rest.slice(whole.length);
  }
  return labels;
}

function check(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}
