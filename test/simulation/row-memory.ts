import {
  type Command,
  type Desk,
  parseCommandRow,
  parseStateRow,
  type VisibleRow,
} from '#shared/ledger/index.ts';
import { sha256 } from './sha256.ts';

const commands = new WeakMap<VisibleRow, Command | null>();
const desks = new WeakMap<VisibleRow, Desk | null>();

/** The command of a row, read once: rows never change, they are replaced. */
export function readCommand(row: VisibleRow): Command | undefined {
  let command = commands.get(row);
  if (command === undefined) {
    const read = parseCommandRow(row, sha256);
    command = read.ok ? read.value : null;
    commands.set(row, command);
  }
  return command ?? undefined;
}

/** The desk of a state row, read once; nothing where the row is another or was damaged. */
export function readDesk(row: VisibleRow): Desk | undefined {
  let desk = desks.get(row);
  if (desk === undefined) {
    desk = (row.kind === 'state' ? parseStateRow(row) : undefined) ?? null;
    desks.set(row, desk);
  }
  return desk ?? undefined;
}
