import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createDocFromTables } from '#worker/local-doc/index.ts';
import { useFolder } from './founder-hq.ts';

const CSV = 'task_id,workflow,actual_hours,estimated_hours\n1,Audit,2,1\n2,Audit,soon,1\n';

describe('a start that ends after its answer', () => {
  const folder = useFolder();

  it('lists the rows it refused, ends with another code, and leaves its ledger to status', async () => {
    writeFileSync(join(folder.path, 'hours.csv'), CSV);
    const start = await folder.begin(['start', '--once', '--history', 'hours.csv']).ended;
    expect(start).toMatchObject({ code: 4 });
    expect(start.out).toContain('1 rows in, 1 refused\n  line 3: actual_hours is not a number');
    const status = await folder.begin(['status', '--json']).ended;
    expect(status).toMatchObject({ code: 0 });
    expect(JSON.parse(status.out)).toMatchObject({
      chainIntact: true,
      variance: [{ workflow: 'Audit', nTasks: 1, actualHours: 2 }],
    });
  });

  it('does not take the place of a doc that is being served', async () => {
    const doc = createDocFromTables(FOUNDER_HQ_TABLES);
    const server = await doc.listen();
    const { docId, token } = doc;
    folder.announce({ baseUrl: server.baseUrl, docId, token });
    writeFileSync(join(folder.path, 'hours.csv'), CSV);
    await folder.begin(['start', '--once', '--history', 'hours.csv']).ended;
    const sync = await folder.begin(['sync', '--json']).ended;
    expect(sync).toMatchObject({ code: 0 });
    await server.close();
    doc.close();
  });

  it('refuses a port that is none as a slip of the command line', async () => {
    const { code, err } = await folder.begin(['start', '--once', '--port', '99999']).ended;
    expect(code).toBe(2);
    expect(err).toContain('whole number from 0 to 65535');
  });
});
