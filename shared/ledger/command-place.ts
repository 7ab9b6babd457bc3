import type { Sha256 } from '#shared/kernel/index.ts';
import { type Command, type CorrectionCommand, toRunId } from './command.ts';
import { toDeskId } from './command-form.ts';
import type { Desk, DeskRun } from './desk.ts';

/** A run and the desk it belongs to. */
export interface OwnedRun {
  readonly deskId: string;
  readonly run: DeskRun;
}

/** Where a command is decided, and what has to be laid there first. */
export interface Place {
  readonly deskId: string;
  readonly recalled?: DeskRun;
}

/** The desk of the person a command names, or the one the run lies on; what nobody knows yet waits on the asker's. */
export function findPlace(
  { type, data, by }: Command,
  desks: ReadonlyMap<string, Desk>,
  { recall }: { readonly recall?: (runId: string) => OwnedRun | undefined },
): Place {
  if (type !== 'CorrectRun') return { deskId: toDeskId(data.person) };
  for (const { deskId, runs } of desks.values()) {
    if (runs.some(({ run }) => run.runId === data.run)) return { deskId };
  }
  const owned = recall?.(data.run);
  return owned === undefined
    ? { deskId: toDeskId(by) }
    : { deskId: owned.deskId, recalled: owned.run };
}

interface Asking {
  readonly command: Command;
}

/** Commands by the desk they are played on. */
export function groupByDesk<Asked extends Asking>(
  asked: readonly Asked[],
  desks: ReadonlyMap<string, Desk>,
  sha256: Sha256,
): ReadonlyMap<string, readonly Asked[]> {
  const groups = new Map<string, Asked[]>();
  const makers = new Map<string, string>();
  for (const one of asked) {
    const { command } = one;
    // Few readings hold a correction, and naming every run costs a hash each.
    if (command.type === 'CorrectRun' && makers.size === 0) nameRuns(asked, makers, sha256);
    const deskId =
      command.type === 'CorrectRun'
        ? findDesk(command, desks, makers)
        : toDeskId(command.data.person);
    const group = groups.get(deskId) ?? [];
    group.push(one);
    groups.set(deskId, group);
  }
  return groups;
}

function nameRuns(asked: readonly Asking[], makers: Map<string, string>, sha256: Sha256): void {
  for (const { command } of asked) {
    if (command.type !== 'CorrectRun')
      makers.set(toRunId(command.key, sha256), command.data.person);
  }
}

/** The desk that has the run or the correction, or will have the run; the asker's where no row here tells. */
function findDesk(
  { key, data, by }: CorrectionCommand,
  desks: ReadonlyMap<string, Desk>,
  makers: ReadonlyMap<string, string>,
): string {
  const all = [...desks.values()];
  const desk =
    all.find(({ foldedKeys }) => foldedKeys[key] !== undefined) ??
    all.find(({ runs }) => runs.some(({ run }) => run.runId === data.run));
  return desk?.deskId ?? toDeskId(makers.get(data.run) ?? by);
}
