import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DomainError } from '#shared/kernel/index.ts';
import {
  type LogEvent,
  type LogLevel,
  levelOf,
  openLog,
  toFailureFacts,
} from '#worker/log/index.ts';
import { learnSecret, MASK } from '#worker/secrets/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'founder-hq-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
async function write(level: LogLevel, ...events: readonly LogEvent[]) {
  const file = join(folder, `${(files += 1)}.log`);
  const log = await openLog({ file, level });
  for (const event of events) log(event);
  const text = readFileSync(file, 'utf8');
  return {
    file,
    text,
    lines: text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  };
}

const request = { class: 'read', method: 'GET', about: 'rows', attempt: 1, ms: 12 } as const;
const EVENTS: readonly LogEvent[] = [
  { event: 'step', step: 'pull', tick: 1 },
  { event: 'request', ...request, status: 200 },
  { event: 'waited', ms: 60_000 },
  { event: 'request', ...request, status: 429 },
  { event: 'failed', codes: ['NETWORK', 'ENOTFOUND'], place: 'pull.ts:12' },
];

describe('openLog', () => {
  it('writes each event as one JSON object a line, with its level and moment', async () => {
    const { lines, file } = await write('debug', ...EVENTS);
    expect(lines).toEqual(
      EVENTS.map((event) => ({ ...event, level: levelOf(event), at: expect.any(String) })),
    );
    for (const { at } of lines) expect(new Date(at).toISOString()).toBe(at);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ] as const)('leaves out what is below %s', async (level, kept) => {
    const { lines } = await write(level, ...EVENTS);
    expect(lines.map((line) => line.level)).toEqual(kept);
  });

  it('lets no secret through, by its name or by its value', async () => {
    learnSecret('tok-logged-1234');
    const odd = {
      event: 'failed',
      codes: ['tok-logged-1234', 'at https://dana:open@db/x', btoa('x:tok-logged-1234')],
      token: 'short',
      cause: { password: 'open' },
    };
    const { text, lines } = await write('debug', odd as unknown as LogEvent);
    expect(text).not.toMatch(/tok-logged|open@|short|"open"/);
    expect(lines[0]).toMatchObject({
      codes: [MASK, `at https://dana:${MASK}@db/x`, expect.any(String)],
    });
  });

  it('adds to a file that is there', async () => {
    const { file } = await write('info', { event: 'waited', ms: 3_000 });
    const log = await openLog({ file, level: 'info' });
    log({ event: 'waited', ms: 4_000 });
    expect(readFileSync(file, 'utf8').match(/"ms":\d+/g)).toEqual(['"ms":3000', '"ms":4000']);
  });

  it('says at once that a file cannot be opened', async () => {
    const opening = openLog({ file: join(folder, 'gone', 'a.log'), level: 'info' });
    await expect(opening).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('lets the work go on where the disk is full', async () => {
    const log = await openLog({ file: '/dev/full', level: 'info' });
    expect(() => log({ event: 'waited', ms: 3_000 })).not.toThrow();
  });
});

describe('levelOf', () => {
  it.each([
    [{ event: 'request', ...request, attempt: 2, status: 200 }, 'warn'],
    [{ event: 'request_failed', ...request, codes: ['NETWORK'] }, 'warn'],
    [{ event: 'waited', ms: 100 }, 'debug'],
    [{ event: 'finding', severity: 'warning', code: 'X', count: 1 }, 'warn'],
    [{ event: 'finding', severity: 'info', code: 'X', count: 1 }, 'info'],
    [{ event: 'tick_failed', codes: ['X'], ms: 1 }, 'error'],
    [{ event: 'failed', codes: ['INTERRUPTED', 'AbortError'] }, 'info'],
    [{ event: 'started', command: 'sync', version: '1' }, 'info'],
    [{ event: 'ended', exitCode: 0, ms: 1 }, 'info'],
  ] as const)('gives %o the level %s', (event, level) => {
    expect(levelOf(event)).toBe(level);
  });
});

describe('toFailureFacts', () => {
  it('names the codes of all that lay behind, and the place, but no word of a message', () => {
    const socket = Object.assign(new Error('note 42 EUR'), { code: 'ECONNREFUSED' });
    const both = new AggregateError([socket, new TypeError('rate 90')], 'two ways');
    const error = new DomainError('NETWORK', 'no answer to `Dana`', { cause: both });
    const facts = toFailureFacts(error);
    expect(facts.codes).toEqual(['NETWORK', 'AggregateError', 'ECONNREFUSED', 'TypeError']);
    expect(facts.place).toMatch(/^open-log\.test\.ts:\d+$/);
  });

  it('ends where causes go round in a circle, and takes what is no error', () => {
    const error = new Error('round');
    error.cause = error;
    expect(toFailureFacts(error).codes).toEqual(['Error']);
    expect(toFailureFacts('a text')).toEqual({ codes: ['UNEXPECTED'] });
  });

  it('takes no place from a message that looks like one', () => {
    const error = new Error('first\n    at note (secret.ts:1:2)\nlast');
    expect(toFailureFacts(error).place).toMatch(/^open-log\.test\.ts:/);
  });
});
