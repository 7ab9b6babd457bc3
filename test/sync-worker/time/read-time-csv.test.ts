import { describe, expect, it } from 'vitest';
import { CLOCKIFY, HARVEST, KIMAI } from './time-samples.ts';
import { read } from './time-scene.ts';

const TOGGL_HEADER = 'Email,Project,Description,Start date,Start time,End date,End time,Duration';
const toggl = (...rows: readonly string[]) =>
  read([TOGGL_HEADER, ...rows.map((row) => `d@a.example,P,Call,${row}`)].join('\n'));
const HARVEST_HEADER = 'Date;Project;Task;Hours;First Name;Last Name';
const harvest = (...rows: readonly string[]) =>
  read([HARVEST_HEADER, ...rows.map((row) => `${row};Dana;Reed`)].join('\n'));
const refusals = async (reading: ReturnType<typeof toggl>) =>
  (await reading).refused.map(({ line, reason }) => `${line}: ${reason}`);
const HOUR = 3_600_000;

describe('readTimeCsv', () => {
  it('finds the tool in the header, tells where each fact is from and what is not read', async () => {
    const { title, mapping, unusedColumns } = await read(KIMAI);
    expect(title).toBe('Kimai');
    expect(mapping).toMatchObject({ start_time: 'From', task: 'Activity', client: 'Customer' });
    expect(unusedColumns).toContain('Internal rate');
    await expect(read('a,b\n1,2')).rejects.toMatchObject({ code: 'TIME_SOURCE' });
  });

  it('reads a column by hand, and a tool that is named', async () => {
    const columns = new Map([['task', 'Notes'] as const]);
    const { entries } = await read(HARVEST, { columns });
    expect(entries.map(({ task }) => task)).toEqual([
      'Two calls, and notes',
      'Two calls, and notes',
      '=First draft',
      undefined,
    ]);
    await expect(read(HARVEST, { source: 'toggl' })).rejects.toMatchObject({ code: 'CSV_COLUMNS' });
  });

  it('refuses a file without rows, or without a header', async () => {
    await expect(read('')).rejects.toMatchObject({ code: 'CSV_EMPTY' });
    await expect(read(TOGGL_HEADER)).rejects.toMatchObject({ code: 'CSV_EMPTY' });
  });

  it('takes hours with a comma, with many digits, and more than a day of them', async () => {
    const { entries } = await harvest(
      '2026-03-02;P;Call;1,333',
      '2026-03-02;P;Call;30',
      '2026-03-02;P;Call;1:30',
    );
    expect(entries.map(({ netMs }) => netMs / HOUR)).toEqual([1.333, 30, 1.5]);
    const long = await toggl('2026-03-02,09:00:00,2026-03-03,11:30:00,26:30:00');
    expect(long.entries[0]?.netMs).toBe(26.5 * HOUR);
  });

  it('takes a whole number of seconds for one where it is just the time from start to end', async () => {
    const text = KIMAI.replace('10:30,1.50', '10:30,5400').replace('12:30,1.50', '12:30,1');
    const { entries } = await read(text);
    expect(entries.slice(0, 2).map(({ netMs }) => netMs / HOUR)).toEqual([1.5, 1]);
  });

  it('names each bad row by its line, what was expected and what stands there', async () => {
    const rows = [
      '2026-03-02,09:00:00,,,',
      '2026-03-02,09:00:00,,,0:00:00',
      '2026-03-02,,,,',
      '2026-03-02,,,,-1:00:00',
      '2026-03-02,,,,0',
      '2026-03-02,,,,soon',
      '2026-02-30,,,,1',
      '2026-03-02,25:00:00,,,1',
      '2026-03-02,10:00:00,2026-03-02,09:00:00,1',
      '2026-03-02,09:00:00,2026-03-02,10:00:00,1:30:00',
      '2026-03-02,,,,10001',
      '2026-03-02,,,',
      ',,,,1',
    ];
    expect(await refusals(toggl(...rows))).toEqual([
      '2: the timer is still running: it has no end yet',
      '3: the timer is still running: it has no end yet',
      '4: it has neither a duration nor an end',
      '5: duration `-1:00:00` is negative',
      '6: duration `0` is no time at all',
      '7: duration is not a duration like 1:30:00 or 1.5, received `soon`',
      '8: start_date is not a day like 2026-03-31, received `2026-02-30`',
      '9: start_time is not a time like 14:30, received `25:00:00`',
      '10: it ends before it starts: 2026-03-02T10:00:00 to 2026-03-02T09:00:00',
      '11: duration `1:30:00` is longer than the time from its start to its end',
      '12: duration `10001` is above 10,000 h',
      '13: expected 8 fields as in the header, received 7',
      '14: start_date is blank',
    ]);
    expect(await refusals(toggl('2026-03-02,,,bad,1'))).toEqual([
      '2: end_time is not a time like 14:30, received `bad`',
    ]);
  });

  it('keeps the time of breaks out, and takes a day and a time from one cell', async () => {
    const { entries } = await toggl('2026-03-02 09:00,,2026-03-02T12:00:00,,2:00:00');
    expect(entries[0]).toMatchObject({
      startedAt: '2026-03-02T08:00:00.000Z',
      endedAt: '2026-03-02T11:00:00.000Z',
      netMs: 2 * HOUR,
    });
  });

  it('reads clocks of twelve hours around noon and midnight', async () => {
    const { entries } = await toggl(
      '2026-03-02,12:15 AM,2026-03-02,12:15 p.m.,',
      '2026-03-02,1:05:09 PM,2026-03-02,11:05 pm,',
    );
    expect(entries.map(({ clock, netMs }) => [clock, netMs / HOUR])).toEqual([
      ['2026-03-02T00:15:00', 12],
      ['2026-03-02T13:05:09', (10 * 3_600 - 9) / 3_600],
    ]);
    expect(await refusals(toggl('2026-03-02,13:00 PM,,,1', '2026-03-02,0:30 am,,,1'))).toHaveLength(
      2,
    );
  });

  it('decides by the whole column whether days or months come first', async () => {
    const days = async (...texts: readonly string[]) =>
      (await harvest(...texts.map((day) => `${day};P;Call;1`))).entries.map(({ day }) => day);
    expect(await days('03/02/2026', '03/13/2026')).toEqual(['2026-03-02', '2026-03-13']);
    expect(await days('03/02/2026', '13/02/2026')).toEqual(['2026-02-03', '2026-02-13']);
    expect(await days('3.2.2026', '2026/3/4', '05-05-2026')).toEqual([
      '2026-02-03',
      '2026-03-04',
      '2026-05-05',
    ]);
    await expect(days('03/02/2026', '04/05/2026')).rejects.toMatchObject({
      code: 'DATES_UNDECIDED',
      message: expect.stringContaining('`03/02/2026` can be read in two ways'),
    });
    await expect(days('13/02/2026', '02/13/2026')).rejects.toMatchObject({
      message: expect.stringContaining('`13/02/2026` has the day first and `02/13/2026` the month'),
    });
    const undecided = `${HARVEST_HEADER}\n03/02/2026;P;Call;1;D;R`;
    const { entries } = await read(undecided, { order: 'month-first' });
    expect(entries[0]?.day).toBe('2026-03-02');
    expect(await refusals(harvest('13/13/2026;P;Call;1'))).toHaveLength(1);
  });

  it('takes the hour that clocks show twice for the one the duration fits, and tells of the others', async () => {
    const reading = await toggl(
      '2026-10-25,02:30:00,2026-10-25,03:30:00,1:00:00',
      '2026-10-25,01:30:00,2026-10-25,02:30:00,2:00:00',
      '2026-10-25,01:30:00,2026-10-25,02:30:00,1:00:00',
      '2026-10-25,02:30:00,2026-10-25,03:30:00,0:30:00',
      '2026-03-29,02:30:00,2026-03-29,04:00:00,0:15:00',
    );
    expect(reading.entries.map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual([
      ['2026-10-25T01:30:00.000Z', '2026-10-25T02:30:00.000Z'],
      ['2026-10-24T23:30:00.000Z', '2026-10-25T01:30:00.000Z'],
      ['2026-10-24T23:30:00.000Z', '2026-10-25T00:30:00.000Z'],
      ['2026-10-25T00:30:00.000Z', '2026-10-25T02:30:00.000Z'],
      ['2026-03-29T01:30:00.000Z', '2026-03-29T02:00:00.000Z'],
    ]);
    expect(reading.chosenTimes).toEqual([
      { line: 5, text: '2026-10-25T02:30:00', shown: 'twice' },
      { line: 6, text: '2026-03-29T02:30:00', shown: 'never' },
    ]);
  });

  it('takes the days that are asked for and counts the others', async () => {
    const { entries, skipped } = await read(CLOCKIFY, { from: '2026-03-17', to: '2026-03-17' });
    expect([entries.length, ...skipped]).toEqual([1, ['on other days than asked for', 3]]);
  });

  it('tells the header and every bad row to whoever keeps them, and how far it is', async () => {
    const told: unknown[] = [];
    const rows = Array.from({ length: 10_000 }, () => '2026-03-02;P;Call;x;D;R');
    await read([HARVEST_HEADER, ...rows].join('\n'), {
      onHeader: (header, delimiter) => told.push(header.length, delimiter),
      onRefused: ({ line }, fields) => void (line === 2 && told.push(fields)),
      onRead: (count) => told.push(count),
    });
    expect(told).toEqual([6, ';', ['2026-03-02', 'P', 'Call', 'x', 'D', 'R'], 10_000]);
  });
});
