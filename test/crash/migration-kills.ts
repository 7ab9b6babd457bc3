import type { CodaTransport } from '#shared/coda/index.ts';
import type { LocalDoc } from '#worker/local-doc/index.ts';
import type { Store } from '#worker/store/index.ts';
import { createLife, toMortalStore } from '../simulation/sync/mortal-store.ts';
import { openMigrateScene } from '../sync-worker/migrate/migrate-scene.ts';
import { cellsOf, type OldDocSize } from '../sync-worker/migrate/old-doc.ts';

/** What kills of a migration came to. */
export interface MigrationKills {
  readonly kills: number;
  /** Steps one undisturbed run takes, forth and back. */
  readonly steps: { readonly apply: number; readonly undo: number };
  /** What was otherwise than after an undisturbed run, a line each. */
  readonly faults: readonly string[];
}

/**
 * Migrates a doc and takes it back, killed once on the way there and once on the way back, at `kills` points of each: four of five are before or
 * after a request, spread over all of them, the fifth is anywhere, within a step of the store too. After each kill the same command is given again.
 */
export async function proveMigrationKills(
  size: OldDocSize,
  kills: number,
): Promise<MigrationKills> {
  const first = await openMigrateScene(size);
  const old = toDigest(first.doc);
  const counting = mortal(first.doc.transport, first.store);
  await first.apply(counting);
  const migrated = toDigest(first.doc);
  const back = mortal(first.doc.transport, first.store);
  await first.undo(back);
  const steps = { apply: counting.steps(), undo: back.steps() };
  const faults = toDigest(first.doc) === old ? [] : ['the undisturbed undo leaves another doc'];
  await first.close();
  for (let kill = 1; kill <= kills; kill += 1) {
    const at = { apply: pickStep(counting, kill, kills), undo: pickStep(back, kill, kills) };
    const { doc, store, apply: migrate, undo, close } = await openMigrateScene(size);
    const before = cellsOf(doc);
    await migrate(mortal(doc.transport, store, at.apply)).catch(ifKilled);
    const { remaining, checks } = await migrate();
    const isWhole = remaining === 0 && toDigest(doc) === migrated && checks.length > 0;
    if (!isWhole) faults.push(`killed at step ${at.apply}, the doc is migrated otherwise`);
    await undo(mortal(doc.transport, store, at.undo)).catch(ifKilled);
    const undone = await undo();
    const isBack = undone.left.length === 0 && undone.remaining === 0;
    if (!isBack || cellsOf(doc).join('\n') !== before.join('\n'))
      faults.push(`killed at step ${at.undo} of the undo, the doc is not as it was`);
    await close();
  }
  return { kills: 2 * kills, steps, faults };
}

function pickStep(way: ReturnType<typeof mortal>, kill: number, kills: number): number {
  const share = kill / (kills + 1);
  if (kill % 5 === 0) return Math.ceil(way.steps() * share);
  return way.requestSteps.at(Math.floor(way.requestSteps.length * share)) ?? 1;
}

/** Rows made anew have ids of their own, so they are told apart by what they say. */
const toDigest = (doc: LocalDoc): string =>
  cellsOf(doc)
    .map((line) => line.replace(/"rowId":"[^"]*",/, ''))
    .toSorted()
    .join('\n');

function mortal(transport: CodaTransport, store: Store, killAtStep?: number) {
  const life = createLife(killAtStep === undefined ? {} : { killAtStep });
  let steps = 0;
  const step = (): void => {
    steps += 1;
    life.step();
  };
  const requestSteps: number[] = [];
  const carrier: CodaTransport = async (request) => {
    requestSteps.push(steps + 1, steps + 2);
    step();
    const answer = await transport(request);
    step();
    return answer;
  };
  const mortalStore = toMortalStore(store, { ...life, step });
  return { transport: carrier, store: mortalStore, steps: () => steps, requestSteps };
}

function ifKilled(error: unknown): void {
  if (!(error instanceof Error) || error.constructor.name !== 'Killed') throw error;
}
