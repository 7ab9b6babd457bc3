import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCommand, toCommandRow } from '#shared/ledger/index.ts';
import { html } from '#worker/cli/page/html.ts';
import { registerReport } from '#worker/cli/report.ts';
import { registerSync } from '#worker/cli/sync.ts';
import { sha256 } from '#worker/store/index.ts';
import { runCommand } from '../run-command.ts';
import { useServedDoc } from '../served-doc.ts';

const DANA = 'dana@studio.example';
const TAG = '<img src=x onerror="alert(1)">';
const FORMULA = '=HYPERLINK("https://evil.example")';
const { doc, add, folder } = useServedDoc([{ name: 'Dana', email: DANA }]);
/** Where npm was called in is not where the test runs. */
const PAGE = join(folder, 'report.html');
const MINE = join(folder, 'mine.html');
const report = (...words: readonly string[]) => runCommand(registerReport, ['report', ...words]);
const press = (type: 'StartRun' | 'FinishRun', task: string) => {
  const data = { task, person: 'Dana' };
  const command = createCommand({ type, data, atMs: Date.now(), by: DANA }, sha256);
  doc.person.insertRow('Ledger', { ...toCommandRow(command, type) });
  vi.setSystemTime(Date.now() + 60_000);
};
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 3, 11) });
  add('people', { name: 'Dana', email: DANA, cost_rate: 50 });
  add('workflows', { name: FORMULA, external_id: 'W1' });
  add('workflows', { name: TAG, external_id: 'W2' });
  for (const [template, workflow] of [
    ['T1', FORMULA],
    ['T2', TAG],
  ] as const) {
    add('process_templates', { name: template, workflow });
    const gates = { required_gates: 'client approval' };
    add('projects', {
      name: `${TAG} ${template}`,
      process_template: template,
      budget: 90,
      ...gates,
    });
    const task = { project: `${TAG} ${template}`, estimated_hours: 2 };
    add('tasks', { name: `${template} done`, status: 'Done', ...task });
    add('tasks', { name: `${template} ${TAG}`, ...task });
    const run = { task: `${template} done`, executed_by: 'Dana', actual_hours: 2 };
    add('execution_runs', { ...run, ended_at: '2026-04-02T10:00:00Z' });
  }
  press('StartRun', `T1 ${TAG}`);
  press('FinishRun', `T1 ${TAG}`);
  await runCommand(registerSync, ['sync']);
});
afterAll(() => void vi.useRealTimers());

/** What is between tags, and the tags there are. */
const tagsOf = (page: string) => new Set([...page.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag));

describe('founder-hq report --html', () => {
  it('answers the three questions in one file that fetches and runs nothing', async () => {
    const { code, out } = await report('--html', PAGE);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/Written for a browser: .*report\.html\n$/),
    ]);
    const page = readFileSync(PAGE, 'utf8');
    expect(page).toMatch(/^<!doctype html>\n<html lang="en"/);
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none';`.replaceAll(
        "'",
        '&#39;',
      ),
    );
    const bare = page.replaceAll(/="[^"]*"/g, '=""');
    expect(bare).not.toMatch(/<(script|link|iframe|img|object|base)\b/);
    expect(bare).not.toMatch(/<[^>]*\s(on\w+|src|href|srcdoc|action)=/);
    expect(page).not.toMatch(/url\(|@import/);
    for (const head of [
      'Do our estimates hold?',
      'May it be called done?',
      'What did it cost?',
      'Will the budgets hold?',
    ]) {
      expect(page).toContain(`<h2>${head}</h2>`);
    }
    expect(tagsOf(page)).not.toContain('img');
  });

  it('shows every text as it was typed, as text and never as markup or formula', async () => {
    await report('--html', PAGE);
    const page = readFileSync(PAGE, 'utf8');
    expect(page).toContain('T1 &lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
    expect(page).not.toContain('<img');
    expect(page).not.toMatch(/<t[dh][^>]*>=/);
    expect(page).toContain(`<th scope="row">&#39;=HYPERLINK(`);
  });

  it('says of every table when it is of, and on how many values it rests', async () => {
    await report('--html', PAGE);
    const page = readFileSync(PAGE, 'utf8');
    const captions = [...page.matchAll(/<caption><span>(.*?)<\/span>/g)].map(([, words]) => words);
    expect(captions).toHaveLength(4);
    for (const caption of captions) {
      expect(caption).toMatch(/as of 2026-04-11T00:0\d:00\.000Z.*; .*n is how many/);
    }
    expect(page).toMatch(/<td>NOT_RUN|<span class="bad">NOT_RUN/);
    expect(page).toMatch(/project .*<\/th><td class="number">2<\/td>.*111\.1 %/);
  });

  it('writes over a report of its own and over nothing else', async () => {
    writeFileSync(MINE, '<p>mine</p>');
    expect(await report('--html', MINE)).toMatchObject({
      code: 1,
      err: expect.stringContaining('is there already'),
    });
    const { out } = await report('--html', PAGE, '--json');
    expect(JSON.parse(out).htmlFile).toMatch(/report\.html$/);
  });
});

describe('html', () => {
  it('escapes what stands in it, and takes pieces as they are', () => {
    const inner = html`<b>${'a & "b" \'c\''}</b>`;
    expect(html`<p title="${'"><x>'}">${inner}${3}${[inner, html`.`]}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;x&gt;"><b>a &amp; &quot;b&quot; &#39;c&#39;</b>3<b>a &amp; &quot;b&quot; &#39;c&#39;</b>.</p>',
    );
  });

  it('drops what no page can hold', () => {
    expect(html`${'a\u0000b\u001B[2J\tc\n\uD800d\uFFFF'}`.text).toBe('ab[2J\tc\nd');
  });
});
