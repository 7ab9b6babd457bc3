import { readLines } from '../read-lines.ts';

/** One property of a calendar, unfolded. Source: RFC 5545, section 3.1. */
export interface ContentLine {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  /** Upper case, as are the names of its parameters. */
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** As it stands, still escaped. */
  readonly value: string;
}

/** A property longer than this is an attachment somebody pasted; what comes after is dropped. */
const LENGTH_MAX = 100_000;

/** The properties of a calendar file, read line by line; a line that begins with a blank goes on with the one before. */
export async function* readContentLines(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<ContentLine, void> {
  let open: { line: number; text: string } | undefined;
  let line = 0;
  for await (const text of readLines(source)) {
    line += 1;
    if (/^[ \t]/.test(text) && open !== undefined) {
      if (open.text.length < LENGTH_MAX) open.text += text.slice(1);
      continue;
    }
    if (open !== undefined) yield* parseLine(open);
    open = { line, text };
  }
  if (open !== undefined) yield* parseLine(open);
}

const PROPERTY =
  /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^":;,]*)(?:,(?:"[^"]*"|[^":;,]*))*)*):(.*)$/s;
const PARAMETER = /;([A-Za-z0-9-]+)=((?:"[^"]*"|[^":;])*)/g;

function* parseLine({ line, text }: { line: number; text: string }): Generator<ContentLine, void> {
  const [, name, parameters = '', value = ''] = PROPERTY.exec(text) ?? [];
  if (name === undefined) return;
  const pairs = [...parameters.matchAll(PARAMETER)].map(
    ([, key = '', given = '']) => [key.toUpperCase(), given.replaceAll('"', '')] as const,
  );
  yield { line, name: name.toUpperCase(), parameters: new Map(pairs), value };
}

/** A text as people wrote it. Source: RFC 5545, section 3.3.11. */
export const unescapeText = (value: string): string =>
  value.replaceAll(/\\([nN,;\\])/g, (_, mark: string) =>
    mark.toLowerCase() === 'n' ? '\n' : mark,
  );
