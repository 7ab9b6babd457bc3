import { chmodSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { connect } from '#worker/cli/connection.ts';
import { registerInit } from '#worker/cli/init.ts';
import { findDocId, whereOf } from '#worker/cli/open-store.ts';
import { readToken } from '#worker/cli/read-token.ts';
import { readSetUp } from '#worker/cli/set-up.ts';
import { runCommand, useEmptyFolder } from './run-command.ts';

const write = useEmptyFolder();
const init = (...words: readonly string[]) => runCommand(registerInit, ['init', ...words]);
const CONFIG = '.founder-hq/config.json';
const DOC = 'https://coda.io/d/Founder-HQ_dAbCdEfGhIj';

describe('founder-hq init', () => {
  it('says what to ask for where nothing is asked', async () => {
    expect(await init()).toMatchObject({ code: 1, err: expect.stringContaining('init --doc URL') });
  });

  it('writes one file a table, and tells the types to set', async () => {
    const { code, out } = await init('--csv');
    expect(code).toBe(0);
    expect(out).toContain('Ledger.csv: 11 columns');
    expect(out).toContain('set the type of actual_hours to number (h)');
    expect(readFileSync('founder-hq-tables/Ledger.csv', 'utf8')).toMatch(/^title,kind,state,key,/);
    expect(await init('--csv')).toMatchObject({ code: 1, err: expect.stringContaining('--force') });
  });

  it('lists the columns that may be there, with type and who fills them', async () => {
    const { out } = await init('--columns');
    expect(out).toMatch(/^tasks:$/m);
    expect(out).toContain('  baseline_hours: number (h), filled by the worker');
    expect(out).toContain('  assignee: a relation to people, filled by you');
    const json = JSON.parse((await init('--columns', '--json')).out);
    expect(json.optional).toContainEqual({
      table: 'people',
      column: 'cost_rate',
      type: 'currency',
      filledBy: 'you',
    });
  });

  it('settles the doc for the commands after it, in a file of this account alone', async () => {
    const store = 'postgres://dana@db.example.com/founder_hq';
    const { code, out } = await init('--doc', DOC, '--zone', 'Europe/Berlin', '--store', store);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('AbCdEfGhIj') });
    expect(readSetUp()).toEqual({ doc: 'AbCdEfGhIj', zone: 'Europe/Berlin', store });
    expect(statSync(CONFIG).mode & 0o777).toBe(0o600);
    expect(await findDocId({})).toBe('AbCdEfGhIj');
    expect(whereOf('AbCdEfGhIj', {})).toBe(store);
    expect(whereOf('OtherDoc12', {})).toContain('ledger-OtherDoc12.db');
    const env = { CODA_API_TOKEN: 'token' };
    expect(await connect({}, { env })).toMatchObject({ docId: 'AbCdEfGhIj', isLocal: false });
  });

  it('keeps no password', async () => {
    const { code, err } = await init('--doc', DOC, '--store', 'postgres://dana:secret@db/x');
    expect(code).toBe(1);
    expect(err).toContain('PGPASSWORD');
    expect(err).not.toContain('secret');
    expect(readFileSync(CONFIG, 'utf8')).not.toContain('secret');
  });

  it.each([
    '{"doc": 1}',
    '{',
    '{"doc": "AbCdEfGhIj", "zone": "Mars"}',
    '{"doc": "x", "token": "t"}',
  ])('says so where the file is %s', async (text) => {
    write(CONFIG, text);
    expect(() => readSetUp()).toThrow(expect.objectContaining({ code: 'CONFIG_UNREADABLE' }));
    await init('--doc', DOC);
  });
});

describe('readToken', () => {
  it('takes what is set before what was settled', () => {
    const tokenFile = write('token', ' from-file\n');
    chmodSync(tokenFile, 0o600);
    expect(readToken({ CODA_API_TOKEN: ' set ' }, { tokenFile })).toBe('set');
    expect(readToken({}, { tokenFile })).toBe('from-file');
    expect(readToken({})).toBe('');
  });

  it('refuses a file that others can read, and one that is not there', () => {
    const tokenFile = write('open-token', 'from-file\n');
    chmodSync(tokenFile, 0o644);
    expect(() => readToken({}, { tokenFile })).toThrow(
      expect.objectContaining({ code: 'TOKEN_FILE_OPEN' }),
    );
    expect(() => readToken({}, { tokenFile: 'none' })).toThrow(
      expect.objectContaining({ code: 'TOKEN_FILE_UNREADABLE' }),
    );
  });

  it('asks a program without a shell, and never repeats what it said', () => {
    const tokenCommand = ['/bin/echo', '$HOME;', 'token'];
    expect(readToken({}, { tokenCommand })).toBe('$HOME; token');
    const failing = { tokenCommand: ['/bin/cat', 'secret-path'] };
    expect(() => readToken({}, failing)).toThrow(
      expect.objectContaining({
        code: 'TOKEN_COMMAND_FAILED',
        message: expect.not.stringContaining('secret'),
      }),
    );
  });
});
