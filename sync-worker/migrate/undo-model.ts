import type { MigrationTable } from '#shared/doc/index.ts';
import type { LoadOptions, TargetDoc } from '#worker/import/index.ts';
import type { Journal } from './journal.ts';
import type { MigrationReading } from './read-migration.ts';

/** A cell or row that stays as it is, since a person has changed or used it. */
export interface LeftAlone {
  readonly table: MigrationTable;
  readonly rowId: string;
  readonly name: string;
  readonly message: string;
}

/** What an undo works on. */
export interface UndoFacts {
  readonly target: TargetDoc;
  readonly reading: MigrationReading;
  readonly journal: Journal;
  readonly options: LoadOptions;
}
