import { describe, expect, it } from 'vitest';
import { isDomainError } from '#shared/kernel/index.ts';
import { toConnectError, toStoreError } from '#worker/store/postgres/postgres-error.ts';
import { openPostgresStore } from '#worker/store/postgres/postgres-store.ts';
import { toSchemaName } from '#worker/store/postgres/schema-name.ts';
import { append, eventOf } from '../append-event.ts';
import { askServer, HAS_NO_POSTGRES, newDocId, POSTGRES_URL } from './postgres-docs.ts';

const failure = (code: string, message = 'it failed') =>
  Object.assign(new Error(message), { code });

describe('toStoreError', () => {
  // biome-ignore format: a table is read by its columns
  it.each([
    ['08006', 'STORE_UNREACHABLE', true],
    ['57P01', 'STORE_UNREACHABLE', true],
    ['57P02', 'STORE_UNREACHABLE', true],
    ['57P03', 'STORE_UNREACHABLE', true],
    ['ECONNREFUSED', 'STORE_UNREACHABLE', true],
    ['ECONNRESET', 'STORE_UNREACHABLE', true],
    ['ENOTFOUND', 'STORE_UNREACHABLE', true],
    ['EPIPE', 'STORE_UNREACHABLE', true],
    ['25P03', 'STORE_IN_USE', true],
    ['40001', 'STORE_IN_USE', true],
    ['40P01', 'STORE_IN_USE', true],
    ['53300', 'STORE_IN_USE', true],
    ['55P03', 'STORE_IN_USE', true],
    ['57014', 'STORE_IN_USE', true],
    ['25006', 'STORE_READ_ONLY', false],
    ['42501', 'STORE_READ_ONLY', false],
    ['28P01', 'STORE_UNREADABLE', false],
    ['3D000', 'STORE_UNREADABLE', false],
    ['23505', 'RECORD_REFUSED', false],
    ['54000', 'RECORD_REFUSED', false],
    ['53100', 'DISK_FULL', false],
    ['58030', 'DISK_FAILED', false],
    ['XX001', 'STORE_CORRUPT', false],
  ])('tells %s as %s', (code, told, retryable) => {
    const cause = failure(code);
    expect(toStoreError(cause, 'db')).toMatchObject({ code: told, retryable, cause });
  });

  it.each(['Connection terminated unexpectedly', 'Client was closed and is not queryable'])(
    'tells `%s` as a server that cannot be reached',
    (message) => {
      expect(toStoreError(new Error(message), 'db')).toMatchObject({ code: 'STORE_UNREACHABLE' });
    },
  );

  it('leaves a bug and what is no error as it is', () => {
    for (const error of [failure('42P01'), failure('ERR_ASSERTION'), new Error('Bug: x'), 'text']) {
      expect(toStoreError(error, 'db')).toBe(error);
    }
  });

  it('says what a full disk asks of the person, and what a table refused', () => {
    expect(toStoreError(failure('53100'), 'db')).toMatchObject({
      message:
        '`db` has no room left and was not changed; free disk space on the server and run again',
    });
    expect(toStoreError(failure('23505', 'key taken'), 'db')).toMatchObject({
      message: '`db` refuses what was to be written: key taken',
    });
  });
});

describe('toConnectError', () => {
  it.each([
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', {}, 'the password'],
    ['self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'trusted'],
    ['ENOENT: no such file', { code: 'ENOENT', syscall: 'open' }, 'trusted'],
  ])('tells `%s`, which has no code of its own', (message, facts, told) => {
    expect(toConnectError(Object.assign(new Error(message), facts), 'db')).toMatchObject({
      code: 'STORE_UNREADABLE',
      retryable: false,
      message: expect.stringContaining(told),
    });
  });

  it('tells the rest as any failure of the store, and leaves a bug as it is', () => {
    const cause = failure('ECONNREFUSED');
    expect(toConnectError(cause, 'db')).toMatchObject({ code: 'STORE_UNREACHABLE', cause });
    for (const error of [new Error('Bug: x'), 'text']) {
      expect(toConnectError(error, 'db')).toBe(error);
    }
  });
});

const openAt = (url: string, docId = newDocId()) => openPostgresStore({ url, docId });

describe.skipIf(HAS_NO_POSTGRES)('opening a PostgreSQL store', () => {
  it('names the server that cannot be reached, never its password', async () => {
    const error: unknown = await openAt('postgres://dana:secret@127.0.0.1:1/ledger').catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: 'STORE_UNREACHABLE',
      retryable: true,
      message:
        '`postgres://dana@127.0.0.1:1/ledger` cannot be reached; check that the server runs and try again',
    });
    expect(
      JSON.stringify(isDomainError(error) ? [error.message, error.cause] : error),
    ).not.toContain('secret');
  });

  it('tells a user, a database or a URL that is not there', async () => {
    const code = 'STORE_UNREADABLE';
    await expect(openAt(POSTGRES_URL.replace('postgres@', 'kim@'))).rejects.toMatchObject({ code });
    await expect(openAt(`${POSTGRES_URL}x`)).rejects.toMatchObject({ code });
    await expect(openAt('postgres://:::')).rejects.toMatchObject({ code });
    await expect(openAt(`${POSTGRES_URL}?sslmode=require`)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('no private way'),
    });
  });
});

describe.skipIf(HAS_NO_POSTGRES)('a PostgreSQL store whose conversation is ended', () => {
  const endAll = (docId: string) =>
    askServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = '${toSchemaName(docId)}'`);

  it('loses the step, says so, and connects anew for the next', async () => {
    const docId = newDocId();
    const store = await openAt(POSTGRES_URL, docId);
    const step = store.transaction(async (transaction) => {
      await transaction.put('desk', 'dana', 1);
      await endAll(docId);
      await transaction.put('desk', 'lee', 1);
    });
    await expect(step).rejects.toMatchObject({ code: 'STORE_UNREACHABLE', retryable: true });
    expect(await store.get('desk', 'dana')).toBeUndefined();
    expect(await append(store, 'desk', [eventOf(1)])).toMatchObject({ kind: 'appended' });
    await store.close();
  });

  it('says that nobody knows whether a step landed whose commit was not answered, and its key tells', async () => {
    const docId = newDocId();
    const store = await openAt(POSTGRES_URL, docId);
    const options = { expectedVersion: 0, idempotencyKey: 'K1' };
    const step = store.transaction(async (transaction) => {
      await transaction.append('desk', [eventOf(1)], options);
      await endAll(docId);
    });
    await expect(step).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      message: expect.stringContaining('told by its idempotency key'),
    });
    expect(await store.findByKey('K1')).toBeUndefined();
    expect(await append(store, 'desk', [eventOf(1)], options)).toMatchObject({ kind: 'appended' });
    await store.close();
  });
});
