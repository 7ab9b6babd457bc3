import { createHash } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createCommand, toCommandRow } from '#shared/ledger/index.ts';
import { createDocFromTables } from '#worker/local-doc/index.ts';
import { useFolder } from './founder-hq.ts';

const folder = useFolder();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

it('counts a cost somebody wrote down in reports and exports, once however often it was pressed', async () => {
  const doc = createDocFromTables(FOUNDER_HQ_TABLES);
  const server = await doc.listen();
  onTestFinished(async () => {
    await server.close();
    doc.close();
  });
  folder.announce({ baseUrl: server.baseUrl, docId: doc.docId, token: doc.token });
  doc.person.insertRow('projects', { name: 'Acme' });
  const what = { target: 'Acme', amount: '49.90', currency: 'EUR', category: 'Software' };
  const press = (atMs: number, amount = what.amount) => {
    const data = { ...what, amount, day: '2026-03-02', note: 'hosting', entry: 1 };
    const asked = { type: 'RecordCost', by: 'dana@studio.example', atMs, data } as const;
    const command = createCommand(asked, sha256);
    doc.person.insertRow('Ledger', { ...toCommandRow(command, 'Cost · Acme') });
  };
  press(Date.now());
  press(Date.now() + 1);
  press(Date.now(), '5,00');
  expect(await folder.run('sync')).toMatchObject({ code: 0 });
  const outcomes = doc.person
    .readRows('Ledger')
    .flatMap(({ cells: { kind, outcome = '' } }) => (kind === 'settled' ? [outcome] : []));
  expect(outcomes.map((outcome) => outcome.replace(/\d+$| –.*/, '')).toSorted()).toEqual([
    'accepted ',
    'accepted ',
    'refused: AMOUNT_INVALID',
  ]);
  const report = await folder.run('report', '--month', '2026-03', '--by', 'project,category');
  expect(report.out).toMatch(/^Acme · Software +0\.00 +EUR +49\.90 /m);
  const csv = await folder.run('export', 'costs', '--format', 'csv');
  expect(csv.out.match(/2026-03,2026-03-02,cost,cost\/\w{26},Software,Acme/g)).toHaveLength(1);
});
