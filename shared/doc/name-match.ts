/** A thing to be found by name in a doc: a table or a column. */
export interface Wanted {
  readonly name: string;
  readonly aliases: readonly string[];
}

/** A thing of the doc that may be it. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
}

/** What was found for one wanted thing. */
export type NameMatch<Found> =
  | { readonly kind: 'found'; readonly found: Found; readonly by: 'id' | 'name' | 'alias' }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Found[] }
  | { readonly kind: 'missing' };

type Rule = (wanted: Wanted, candidate: Candidate) => boolean;

/**
 * Finds each wanted thing, in the order given: by its known id, else by its exact name, else by its name without regard to case, spaces
 * and underscores, else by an alias. A rule is tried for all before the next one starts, and what one took is not
 * offered again, so the answer does not depend on the order of either list. Two that fit one rule alike are ambiguous.
 */
export function matchNames<One extends Wanted, Found extends Candidate>(
  wanted: readonly One[],
  candidates: readonly Found[],
  idOf: (wanted: Wanted) => string | undefined,
): ReadonlyMap<One, NameMatch<Found>> {
  const matches = new Map<One, NameMatch<Found>>();
  let free = candidates;
  for (const { by, fits } of rules(idOf)) {
    const open = wanted.filter((one) => !matches.has(one));
    const hits = open.map((one) => ({ one, fitting: free.filter((each) => fits(one, each)) }));
    for (const { one, fitting } of hits) {
      const [found] = fitting;
      if (found === undefined) continue;
      const isSingle = fitting.length === 1;
      matches.set(
        one,
        isSingle ? { kind: 'found', found, by } : { kind: 'ambiguous', candidates: fitting },
      );
    }
    const taken = new Set(hits.flatMap(({ fitting }) => fitting.map(({ id }) => id)));
    free = free.filter(({ id }) => !taken.has(id));
  }
  return new Map(wanted.map((one) => [one, matches.get(one) ?? { kind: 'missing' }]));
}

function rules(
  idOf: (wanted: Wanted) => string | undefined,
): readonly { readonly by: 'id' | 'name' | 'alias'; readonly fits: Rule }[] {
  return [
    { by: 'id', fits: (wanted, { id }) => idOf(wanted) === id },
    { by: 'name', fits: (wanted, { name }) => wanted.name === name },
    { by: 'name', fits: (wanted, { name }) => toKey(wanted.name) === toKey(name) },
    { by: 'alias', fits: ({ aliases }, { name }) => aliases.map(toKey).includes(toKey(name)) },
  ];
}

/** A name without what people vary: case, spaces, underscores. */
const toKey = (name: string): string => name.toLowerCase().replace(/[\s_]+/g, '');

/** Whether a thing of the doc goes by the name or an alias, without regard to case, spaces and underscores. */
export const isKnownAs = ({ name, aliases }: Wanted, docName: string): boolean =>
  [name, ...aliases].map(toKey).includes(toKey(docName));
