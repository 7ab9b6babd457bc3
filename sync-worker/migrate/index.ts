export {
  applyMigration,
  type MigrationApplied,
  type MigrationCount,
  type MigrationView,
  viewMigration,
} from './apply-migration.ts';
export { addQuestions, type DecisionsFile, readDecisions } from './decisions-file.ts';
export { createMigrationMark } from './journal.ts';
export { type MigrationUndone, undoMigration } from './undo-migration.ts';
