import type { PersonRow } from './model.ts';

/** People by all that a press may call them by, in lower case. */
export const namePeople = (people: readonly PersonRow[]): ReadonlyMap<string, PersonRow> =>
  new Map(
    people.flatMap((person) =>
      [person.rowId, person.name, person.email, person.externalId].flatMap(
        (text): [string, PersonRow][] => (text === undefined ? [] : [[text.toLowerCase(), person]]),
      ),
    ),
  );
