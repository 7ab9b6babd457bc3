import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A token and a password that stand nowhere else, with signs that every way of writing changes. */
export const TOKEN = 'cAnArY+tOk/9f3e77b1~4c0d9e21=0a5b';
export const PASSWORD = 'cAnArY pW&d@8d21/#4be7%"90c3';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What gives a canary away: it, each way of writing it, and the beginning that is left where a text was cut off. */
function listTraces(secret: string): readonly string[] {
  return [
    secret,
    secret.slice(0, 14),
    secret.slice(-14),
    encodeURIComponent(secret),
    base64(`Bearer ${secret}`).slice(12, -4),
    base64(secret).slice(0, -4),
    base64(`dana:${secret}`).slice(8, -4),
    Buffer.from(secret).toString('hex'),
    JSON.stringify(secret).slice(1, -1),
  ];
}

const TRACES = [TOKEN, PASSWORD].flatMap(listTraces);

/** The traces of either canary in a text. */
export const findTraces = (text: string): readonly string[] =>
  TRACES.filter((trace) => text.includes(trace));

/** The files below a folder in which either canary left a trace. */
export const findTracesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return [];
    const path = join(entry.parentPath, entry.name);
    return findTraces(readFileSync(path, 'latin1')).map((trace) => `${entry.name}: ${trace}`);
  });

/** How a server may say again what it was sent: as a text, as a page, as data, encoded, cut off. */
export const ECHOES: Readonly<Record<string, (authorization: string) => string>> = {
  'a message': (sent) => JSON.stringify({ statusCode: 0, message: `you sent ${sent}` }),
  'a page': (sent) => `<html><body><pre>Authorization: ${sent}</pre></body></html>`,
  'a long page': (sent) => `<html>${'x'.repeat(225)}${sent}</html>`,
  'encoded words': (sent) =>
    `header ${base64(sent)} ${encodeURIComponent(sent)} ${Buffer.from(sent).toString('hex')}`,
  'data of another shape': (sent) => JSON.stringify({ headers: { authorization: sent } }),
};
