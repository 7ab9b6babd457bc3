import { chmodSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toAnchorRow } from '#shared/ledger/index.ts';
import { judgeFolder } from '#worker/doctor/check-folder.ts';
import { openSqliteStore } from '#worker/store/index.ts';
import { anchorFileOf } from '#worker/verify/index.ts';
import { type Clinic, openClinic } from './clinic.ts';

interface Ailment {
  /** What happened after a first pass. */
  readonly when: string;
  readonly spoil: (clinic: Clinic) => unknown;
  readonly code: string;
  readonly cause: RegExp;
  readonly fix: RegExp;
  /** @default 'error' */
  readonly severity?: 'warning' | 'info';
  /** Whether there was no pass before. */
  readonly isNew?: true;
}

const WARNING = { severity: 'warning' } as const;
const HOUR_MS = 3_600_000;
const anchors = ({ docId }: Clinic) => anchorFileOf('.founder-hq', docId);
const lastPass =
  (outcome: string, agoMs: number) =>
  ({ file, docId }: Clinic) => {
    const endedAt = new Date(Date.now() - agoMs).toISOString();
    writeFileSync(file(`last-pass-${docId}.json`), JSON.stringify({ endedAt, outcome }));
  };
const withLease = async ({ ledger }: Clinic) => {
  const store = await openSqliteStore({ file: ledger });
  await store.acquireLease({
    name: 'sync',
    owner: 'other.example/4711/x',
    ttlMs: 60_000,
    nowMs: Date.now(),
  });
  await store.close();
};
const writtenByAnother = ({ add, docId }: Clinic) =>
  add('Ledger', { ...toAnchorRow({ docId, position: 5, hash: 'ab', epoch: 1 }) });
const loseRows = async ({ add, person, sync }: Clinic) => {
  const rowIds = Array.from({ length: 12 }, (_, at) => add('people', { name: `Person ${at}` }));
  await sync();
  for (const rowId of rowIds) person.deleteRow('people', rowId);
  await sync();
};

// biome-ignore format: a table is read by its columns
const AILMENTS: readonly Ailment[] = [
  { when: 'the file of the ledger is something else', spoil: ({ ledger }) => { rmSync(`${ledger}-wal`, { force: true }); writeFileSync(ledger, 'no database at all, but long enough to be taken for one'); },
    code: 'STORE_CORRUPT', cause: /no store of Founder HQ/, fix: /founder-hq restore/ },
  { when: 'the ledger was written by a newer version', spoil: ({ meddle }) => meddle(`INSERT INTO schema_migrations VALUES (999, 'x')`),
    code: 'STORE_NEWER', cause: /newer Founder HQ/, fix: /update Founder HQ/ },
  { when: 'a step of the ledger’s making had another text', spoil: ({ meddle }) => meddle(`INSERT OR REPLACE INTO schema_migrations SELECT number, 'x' FROM schema_migrations WHERE number = 1`),
    code: 'MIGRATION_CHANGED', cause: /another text of step 1/, fix: /./ },
  { when: 'an event was changed in the file', spoil: ({ meddle }) => meddle(`DROP TRIGGER event_is_kept; UPDATE events SET body = replace(body, '"at":"20', '"at":"19') WHERE position = 1`),
    code: 'CHAIN_BROKEN', cause: /HASH_WRONG at event 1/, fix: /evidence/ },
  { when: 'the file of the ledger is gone', spoil: ({ ledger }) => rmSync(ledger),
    code: 'LEDGER_GONE', cause: /had \d+ events/, fix: /founder-hq restore/ },
  { when: 'the file of the ledger is empty', spoil: ({ ledger }) => truncateSync(ledger),
    code: 'LEDGER_GONE', cause: /had \d+ events/, fix: /--store/ },
  { when: 'another ledger wrote the doc', isNew: true, spoil: writtenByAnother,
    code: 'LEDGER_ELSEWHERE', cause: /ledger of \d+ events that is not here/, fix: /--store/ },
  { when: 'a ledger that wrote none of it lies here', spoil: writtenByAnother,
    code: 'LEDGER_ELSEWHERE', cause: /another ledger/, fix: /./ },
  { when: 'the ledger was set back', spoil: async (clinic) => { rmSync(clinic.ledger); await (await openSqliteStore({ file: clinic.ledger })).close(); },
    code: 'ANCHOR_DIFFERS', cause: /is not the one/, fix: /right ledger back/ },
  { when: 'the witnesses of the ledger are damaged', spoil: (clinic) => writeFileSync(anchors(clinic), 'torn\n'),
    code: 'ANCHORS_UNREADABLE', cause: /damaged in line 1/, fix: /./ },
  { when: 'another computer is at work on the doc', spoil: withLease, severity: 'info',
    code: 'LEASE_HELD', cause: /process 4711 on other\.example/, fix: /waits its turn/ },
  { when: 'a table lost many rows at once', spoil: loseRows, ...WARNING,
    code: 'ROWS_LOST', cause: /`people` lost 12 of 13 rows/, fix: /--accept-deletes --dry-run/ },
  { when: 'the last pass failed', spoil: lastPass('DOC_NOT_READY', 1), ...WARNING,
    code: 'LAST_PASS_FAILED', cause: /failed with DOC_NOT_READY/, fix: /founder-hq sync/ },
  { when: 'the schedule has stopped', spoil: lastPass('done', 48 * HOUR_MS), ...WARNING,
    code: 'SCHEDULE_STOPPED', cause: /No pass was made for a day/, fix: /schedule/ },
  { when: 'others may read the ledger', spoil: ({ ledger }) => chmodSync(ledger, 0o644), ...WARNING,
    code: 'FILE_OPEN', cause: /can be read by others on this computer \(644\)/, fix: /chmod 600/ },
  { when: 'others may read the token', spoil: ({ file }) => chmodSync(file('local-doc.json'), 0o640), ...WARNING,
    code: 'FILE_OPEN', cause: /local-doc\.json` can be read by others/, fix: /chmod 600/ },
  { when: 'a file has the name of the state folder', isNew: true, spoil: ({ folder, env, baseUrl }) => { renameSync(`${folder}/.founder-hq`, `${folder}/aside`); writeFileSync(`${folder}/.founder-hq`, ''); env('CODA_API_BASE', baseUrl); },
    code: 'FOLDER_CLOSED', cause: /is a file, and the worker needs a folder/, fix: /another name/ },
  { when: 'the server of the ledger does not answer', isNew: true, spoil: ({ env }) => env('FOUNDER_HQ_STORE', 'postgres://dana@127.0.0.1:9/none'),
    code: 'STORE_UNREACHABLE', cause: /127\.0\.0\.1:9/, fix: /./ },
];

describe('founder-hq doctor names the cause and its fix, each in one line', () => {
  it.each(AILMENTS)('where $when', async (ailment) => {
    const { code, cause, fix, severity = 'error' } = ailment;
    const clinic = await openClinic();
    if (ailment.isNew !== true) await clinic.sync();
    await ailment.spoil(clinic);
    const seen = await clinic.ask();
    const found = seen.findings.find((one) => one.code === code);
    expect(found ?? seen).toMatchObject({
      severity,
      message: expect.stringMatching(cause),
      fix: expect.stringMatching(fix),
    });
    expect(`${found?.message}${found?.fix}`).not.toContain('\n');
    expect(seen.findings[0]?.code).toBe(code);
    expect(seen.code).toBe(severity === 'error' ? 1 : 0);
  });

  it.each([
    [19_999_999, 'error'],
    [150_000_000, 'warning'],
  ])('where the disk has %i bytes left', (room, severity) => {
    const facts = { folder: '.', privateFiles: [], readRoom: () => room };
    const megabytes = Math.floor(room / 1_000_000);
    const message = `The disk of \`.\` has ${megabytes} MB left.`;
    expect(judgeFolder(facts)).toMatchObject([{ code: 'DISK_LOW', severity, message }]);
    expect(judgeFolder({ ...facts, readRoom: () => 200_000_000 })).toEqual([]);
  });
});
