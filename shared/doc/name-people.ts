import type { PersonRow } from './model.ts';

/** People by all that a press may call them by, in lower case. What two of them are called names neither. */
export function namePeople(people: readonly PersonRow[]): ReadonlyMap<string, PersonRow> {
  const named = new Map<string, PersonRow>();
  const shared = new Set<string>();
  for (const person of people) {
    for (const text of [person.rowId, person.name, person.email, person.externalId]) {
      const key = text?.trim().toLowerCase() ?? '';
      if ((named.get(key) ?? person) !== person) shared.add(key);
      named.set(key, person);
    }
  }
  for (const key of ['', ...shared]) named.delete(key);
  return named;
}
