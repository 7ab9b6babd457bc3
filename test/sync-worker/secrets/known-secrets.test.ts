import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  callWithoutSecrets,
  hideKnown,
  learnSecret,
  learnSecretOfUrl,
  learnSecretsOf,
  MASK,
  scrub,
  toSecretPattern,
  withoutSecrets,
} from '#worker/secrets/index.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** How a secret travels, each written here by another means than the product's. */
const WAYS: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  shouted: (secret) => secret.toUpperCase(),
  percent: (secret) => encodeURIComponent(secret),
  'percent in lower case': (secret) => encodeURIComponent(secret).toLowerCase(),
  query: (secret) => new URLSearchParams([['k', secret]]).toString(),
  json: (secret) => JSON.stringify({ header: secret }),
  'json in json': (secret) => JSON.stringify(JSON.stringify({ header: secret })),
  'basic authorization': (secret) => base64(`dana:${secret}`),
  'basic authorization, longer name': (secret) => base64(`dana1:${secret}!`),
  'basic authorization, longest name': (secret) => base64(`dana12:${secret}??`),
  'base64 for addresses': (secret) => Buffer.from(`x${secret}yz`).toString('base64url'),
  hex: (secret) => Buffer.from(secret).toString('hex'),
};

describe('toSecretPattern', () => {
  const anySecret = fc.string({ minLength: 8, maxLength: 80, unit: 'binary-ascii' });
  const anyText = fc.string({ maxLength: 20 });

  it.each(Object.keys(WAYS))('hides any secret in its way: %s', (name) => {
    const law = fc.property(anySecret, anyText, anyText, (secret, before, after) => {
      const pattern = toSecretPattern([secret]);
      const way = WAYS[name] ?? String;
      // What stands around it may end it differently in base64 only, where it is inside already.
      const text = `${before} ${way(secret)} ${after}`;
      expect(text.replace(pattern ?? /^$/, MASK)).toContain(MASK);
      expect(text.replace(pattern ?? /^$/, MASK)).not.toContain(secret);
    });
    fc.assert(law);
  });

  it('hides what is left of a long one that was cut off', () => {
    const secret = 'f3a9c2d4-77b1-4c0d-9e21-0a5b6c7d8e9f';
    const pattern = toSecretPattern([secret]) ?? /^$/;
    for (let length = 12; length <= secret.length; length += 1) {
      const cut = `answered 500: token ${secret.slice(0, length)}\n    at pull`;
      expect(cut.replace(pattern, MASK)).toBe(`answered 500: token ${MASK}\n    at pull`);
    }
  });

  it('looks for nothing where a secret could be any word', () => {
    expect(toSecretPattern(['', 'abc', 'dev12'])).toBeUndefined();
  });

  it('leaves every other text as it is', () => {
    const pattern = toSecretPattern(['f3a9c2d4-77b1-4c0d-9e21-0a5b6c7d8e9f']) ?? /^$/;
    const law = fc.property(fc.string({ maxLength: 200 }), (text) => {
      expect(text.replace(pattern, MASK)).toBe(text);
    });
    fc.assert(law);
  });
});

describe('what this process knows', () => {
  it('is read from its surroundings, the password of an address by itself', () => {
    learnSecretsOf({
      CODA_API_TOKEN: ' tok-aaaa-1111 ',
      PGPASSWORD: 'pg-pass-2222',
      FOUNDER_HQ_EXTRA_KEY: 'key-3333-aaaa',
      FOUNDER_HQ_STORE: 'postgres://dana:p%40ss-44%2F44@db.example.com/hq',
      FOUNDER_HQ_ZONE: 'Europe/Berlin',
      HOME: '/home/dana',
      EMPTY: undefined,
    });
    const text =
      'tok-aaaa-1111 pg-pass-2222 key-3333-aaaa p%40ss-44%2F44 p@ss-44/44 db.example.com Europe/Berlin';
    expect(hideKnown(text)).toBe(`${`${MASK} `.repeat(5)}db.example.com Europe/Berlin`);
  });

  it('is learned from an address whose password was not encoded, too', () => {
    learnSecretOfUrl('postgres://dana:h#r/d@pass%zz@db.example.com/hq');
    expect(hideKnown('bad: h#r/d@pass%zz')).toBe(`bad: ${MASK}`);
    learnSecretOfUrl('postgres://dana@db.example.com/hq');
    expect(hideKnown('db.example.com')).toBe('db.example.com');
  });

  it('is not handed to a program that is started', () => {
    const env = {
      PATH: '/bin',
      PGPASSWORD: 'x',
      MINE: 'with tok-aaaa-1111 in it',
      NONE: undefined,
    };
    expect(withoutSecrets(env)).toEqual({ PATH: '/bin' });
  });

  it('is away from the surroundings while one starts, and there again', () => {
    process.env['FOUNDER_HQ_TEST_TOKEN'] = 'tok-bbbb-5555';
    const print = [
      process.execPath,
      '-e',
      'console.log(process.env.FOUNDER_HQ_TEST_TOKEN)',
    ] as const;
    const run = (): string => execFileSync(print[0], print.slice(1), { encoding: 'utf8' });
    expect(callWithoutSecrets(run)).toBe('undefined\n');
    expect(run()).toBe('tok-bbbb-5555\n');
    expect(() =>
      callWithoutSecrets(() => {
        throw new Error('no such program');
      }),
    ).toThrow('no such program');
    expect(process.env['FOUNDER_HQ_TEST_TOKEN']).toBe('tok-bbbb-5555');
    delete process.env['FOUNDER_HQ_TEST_TOKEN'];
  });

  it('takes nothing twice and nothing empty', () => {
    for (const text of ['', '   ', 'tok-cccc-6666', 'tok-cccc-6666']) learnSecret(text);
    expect(hideKnown('a tok-cccc-6666 b')).toBe(`a ${MASK} b`);
  });
});

describe('scrub', () => {
  it.each([
    [
      'postgres://dana:never@seen@db.example.com:5432/hq',
      `postgres://dana:${MASK}@db.example.com:5432/hq`,
    ],
    ['Authorization: Bearer abc.def', `Authorization: ${MASK}`],
    ['{"authorization":"Basic ZGFuYTpw"}', `{"authorization":"${MASK}"}`],
    ["headers: { 'x-api-key': 'k1' }", `headers: { 'x-api-key': '${MASK}' }`],
    ['GET /x?access_token=abc&limit=5', `GET /x?access_token=${MASK}&limit=5`],
    ['host=db password=abc user=dana', `host=db password=${MASK} user=dana`],
    ['sent Bearer abcd.efgh', `sent Bearer ${MASK}`],
    ['Cookie: session=1234', `Cookie: ${MASK}`],
  ])('hides what stands where secrets stand: %s', (text, safe) => {
    expect(scrub(text)).toBe(safe);
  });

  it.each([
    'the token is not known',
    'http://127.0.0.1:4321/apis/v1',
    'make a token at https://coda.io/account and set it as CODA_API_TOKEN',
    'Write to dana@example.com: the password may be in PGPASSWORD.',
  ])('leaves a plain sentence alone: %s', (text) => {
    expect(scrub(text)).toBe(text);
  });
});
