import { describe, expect, it } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createSyncScene } from './sync-scene.ts';

const HOUR_MS = 3_600_000;
const MOOD = {
  name: 'mood',
  codec: 'text',
  type: 'text',
  owner: 'doc',
  isRequired: false,
} as const;

/** A doc whose people added a column of their own, with a finished run in it whose row stands there twice. */
async function doubleRun(
  note?: string,
): Promise<
  Awaited<ReturnType<typeof createSyncScene>> & { readonly first: string; readonly second: string }
> {
  const tables = FOUNDER_HQ_TABLES.map((table) =>
    table.name === 'execution_runs' ? { ...table, columns: [...table.columns, MOOD] } : table,
  );
  const scene = await createSyncScene({ tables });
  scene.press('StartRun');
  await scene.wait(HOUR_MS);
  scene.press('FinishRun', note === undefined ? {} : { note });
  await scene.settle();
  const [row] = scene.doc.person.readRows('execution_runs');
  if (row === undefined) throw new Error('the run has no row');
  const written = Object.entries(row.cells).filter(([, text]) => text !== '');
  const second = scene.add('execution_runs', Object.fromEntries(written));
  return { ...scene, first: row.rowId, second };
}

const idsOf = ({ doc }: Awaited<ReturnType<typeof doubleRun>>): readonly string[] =>
  doc.person.readRows('execution_runs').map(({ rowId }) => rowId);

describe('a run whose row a late write doubled', () => {
  it('has one row again with the next tick, and its hours as before', async () => {
    const scene = await doubleRun();
    await scene.runTick();
    expect(idsOf(scene)).toHaveLength(1);
    expect(scene.rows('tasks')).toMatchObject([{ actual_hours: '1', execution_runs: '1' }]);
    expect(await scene.settle()).toMatchObject({ rowsSent: 0, isSettled: true, fuses: [] });
    expect(idsOf(scene)).toHaveLength(1);
  });

  it.each(['outcome_notes', 'mood'])(
    'keeps the row with what somebody typed into %s',
    async (column) => {
      const scene = await doubleRun();
      for (const rowId of [scene.first, scene.second]) {
        scene.doc.person.editCell('execution_runs', rowId, { [column]: '' });
      }
      scene.doc.person.editCell('execution_runs', scene.second, { [column]: 'went well' });
      await scene.runTick();
      expect(idsOf(scene)).toEqual([scene.second]);
    },
  );

  it.each(['outcome_notes', 'mood'])(
    'keeps both rows where each says something else in %s',
    async (column) => {
      const scene = await doubleRun();
      scene.doc.person.editCell('execution_runs', scene.first, { [column]: 'went well' });
      scene.doc.person.editCell('execution_runs', scene.second, { [column]: 'went badly' });
      const { findings } = await scene.settle();
      expect(idsOf(scene)).toEqual([scene.first, scene.second]);
      expect(findings).toMatchObject([{ code: 'RUN_DOUBLED' }]);
      expect(scene.rows('tasks')).toMatchObject([{ actual_hours: '1', execution_runs: '1' }]);
    },
  );

  it('takes the ledger’s own note for nobody’s word', async () => {
    const scene = await doubleRun('Sent');
    scene.doc.person.editCell('execution_runs', scene.second, { outcome_notes: 'Sent and paid' });
    await scene.runTick();
    expect(idsOf(scene)).toEqual([scene.second]);
  });

  it('is left alone where people made it', async () => {
    const scene = await createSyncScene();
    const cells = { run_id: 'R1', task: 'Interview', actual_hours: 3 };
    scene.add('execution_runs', cells);
    scene.add('execution_runs', cells);
    await scene.settle();
    expect(scene.rows('execution_runs')).toHaveLength(2);
  });

  it('keeps a row that came into sight just now until what was typed into it would show', async () => {
    const scene = await doubleRun();
    await scene.runTick({ lagMs: HOUR_MS });
    expect(idsOf(scene)).toHaveLength(2);
    await scene.wait(HOUR_MS);
    await scene.runTick({ lagMs: HOUR_MS });
    expect(idsOf(scene)).toHaveLength(1);
  });
});
