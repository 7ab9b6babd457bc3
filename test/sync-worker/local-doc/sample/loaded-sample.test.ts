import { describe, expect, it } from 'vitest';
import { type CodaApi, createCodaApi } from '#shared/coda/index.ts';
import {
  FOUNDER_HQ_TABLES,
  readBinding,
  readFounderHq,
  toVarianceInput,
} from '#shared/doc/index.ts';
import { type GroupVariance, varianceByGroup } from '#shared/variance/index.ts';
import { createDocFromTables } from '#worker/local-doc/index.ts';
import { createSampleBusiness, type SampleTable } from '#worker/local-doc/sample/index.ts';
import { varianceOfSample } from './sample-doc.ts';

const ROWS_A_WRITE = 100;

/** Writes the rows as they stand, part by part, with the names of rows in relations. */
async function load(api: CodaApi, docId: string, { table, key, rows }: SampleTable) {
  for (let from = 0; from < rows.length; from += ROWS_A_WRITE) {
    const cells = rows
      .slice(from, from + ROWS_A_WRITE)
      .map((row) => Object.entries(row).map(([column, value]) => ({ column, value })));
    await api.upsertRows(docId, table, { rows: cells, keyColumns: [key] });
  }
}

describe('createSampleBusiness, in a doc', () => {
  it('reads back without a finding and with the same figures, written once or twice', async () => {
    const sample = createSampleBusiness({ endDay: '2026-11-20' });
    const localDoc = createDocFromTables(FOUNDER_HQ_TABLES, { seed: 1 });
    const { docId } = localDoc;
    const api = createCodaApi(localDoc.transport);
    for (const part of [...sample, ...sample]) await load(api, docId, part);
    const binding = await readBinding(api, docId);
    const { doc, findings } = await readFounderHq({ api, docId, binding });
    localDoc.close();
    expect([...binding.findings, ...findings]).toEqual([]);
    expect([doc.tasks.length, doc.executionRuns.length, doc.sprints.length]).toEqual([
      270, 604, 26,
    ]);
    const { tasks, sessions } = toVarianceInput(doc);
    const names = new Map(doc.workflows.map(({ rowId, name }) => [rowId, name]));
    // Row ids are the doc's own, so groups are compared by name and without the ids of their tasks; tasks of one day
    // stand in the order of ids, so of drift only what that order cannot change.
    const comparable = ({ taskIds: _ids, drift, ...group }: GroupVariance) => ({
      ...group,
      drift: [drift.state, drift.n],
    });
    const read = varianceByGroup(tasks, sessions).map((group) => ({
      ...comparable(group),
      group: names.get(group.group) ?? group.group,
    }));
    expect(read).toEqual(varianceOfSample(sample).map(comparable));
  });
});
