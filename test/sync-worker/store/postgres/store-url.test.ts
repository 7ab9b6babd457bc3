import { describe, expect, it } from 'vitest';
import { isServerUrl, nameOfUrl } from '#worker/store/postgres/store-url.ts';

describe('isServerUrl', () => {
  it.each([
    ['postgres://db', true],
    ['PostgreSQL://db', true],
    ['postgres:db', false],
    ['./postgres://db', false],
    ['mysql://db', false],
  ])('tells whether %s is one', (text, isOne) => {
    expect(isServerUrl(text)).toBe(isOne);
  });
});

describe('nameOfUrl', () => {
  it.each([
    ['postgres://dana:open@db:5432/hq', 'postgres://dana@db:5432/hq'],
    ['postgres://dana:a%40b%2F%25@db/hq', 'postgres://dana@db/hq'],
    ['postgres://dana:o@pen@db/hq', 'postgres://dana@db/hq'],
    ['postgres://db/hq?sslmode=require&sslrootcert=ca.pem', 'postgres://db/hq'],
    ['postgres://dana@db/hq?host=/run/postgresql', 'postgres://dana@db/hq'],
  ])('leaves the password out of %s', (url, name) => {
    expect(nameOfUrl(url)).toBe(name);
  });

  it.each([
    ['ledger.db', 'is none'],
    ['postgres://dana:open@db:port/hq', 'is none'],
    ['postgres://dana:1/open@db/hq', '%2F'],
    ['postgres://dana:1?open@db/hq', '%3F'],
    ['postgres://dana:1#open@db/hq', '%23'],
    ['postgres://dana:open%ff@db/hq', '%25'],
    ['postgres://dana@db/hq?password=open', 'behind its `?`'],
    ['postgres://dana@db/hq?options=-csearch_path%3Dopen', 'behind its `?`'],
  ])('refuses %s, and never quotes it', (url, told) => {
    const name = () => nameOfUrl(url);
    expect(name).toThrow(expect.objectContaining({ code: 'STORE_UNREADABLE' }));
    expect(name).toThrow(told);
    expect(name).not.toThrow('open');
  });
});
