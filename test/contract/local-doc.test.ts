import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { default as addFormats } from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { CodaAnswer } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { type Behaviour } from '#worker/local-doc/index.ts';
import {
  bodyOf,
  createStudioDoc,
  type StudioDoc,
  toCells,
} from '../sync-worker/local-doc/studio-doc.ts';

const PATH = join(import.meta.dirname, '../../../shared/coda/openapi.json');
const isPresent = existsSync(PATH);
if (!isPresent) process.stderr.write(`skipped: no API description at ${PATH}\n`);

type Responses = Readonly<Record<string, { readonly $ref?: string }>>;
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { responses: Responses }>>>>;
}

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addFormat('url', (text: string) => URL.canParse(text));

const validators = new Map<string, ValidateFunction>();

/** The check of one answer, by the path as the description writes it. */
function validatorOf(method: string, path: string, status: number): ValidateFunction {
  const name = `${method} ${path} ${status}`;
  const known = validators.get(name);
  if (known !== undefined) return known;
  if (validators.size === 0) ajv.addSchema(JSON.parse(readFileSync(PATH, 'utf8')), 'coda');
  const description = ajv.getSchema('coda')?.schema as Description | undefined;
  const found = description?.paths[path]?.[method.toLowerCase()]?.responses[status];
  expect(found, `${name} is described`).toBeDefined();
  const escaped = path.replaceAll('~', '~0').replaceAll('/', '~1');
  const pointer =
    found?.$ref?.slice(1) ?? `/paths/${escaped}/${method.toLowerCase()}/responses/${status}`;
  const ref = `coda#${pointer}/content/application~1json/schema`;
  const made = ajv.compile({ $ref: encodeURI(ref) });
  validators.set(name, made);
  return made;
}

/** Asks, and checks the answer against the description; answers it. */
async function check(
  studio: StudioDoc,
  [method, path]: readonly ['GET' | 'POST' | 'PUT' | 'DELETE', string],
  rest: {
    readonly params?: object;
    readonly query?: Record<string, string>;
    readonly body?: unknown;
  },
): Promise<CodaAnswer> {
  const params = new Map(Object.entries({ docId: studio.doc.docId, ...rest.params }));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(params.get(name))),
  );
  const answer = await studio.ask(method, filled, rest);
  const validate = validatorOf(method, path, answer.status);
  validate(answer.body);
  expect(validate.errors ?? [], `${method} ${filled} → ${answer.status}`).toEqual([]);
  return answer;
}

const TABLE = '/docs/{docId}/tables/{tableIdOrName}';
const ROWS = `${TABLE}/rows`;
const ROW = `${ROWS}/{rowIdOrName}`;
const STATUS = '/mutationStatus/{requestId}';
const tableIdOrName = 'tasks';

const FULL_ROW = {
  name: 'Audit',
  external_id: 'x-1',
  project: 'Acme',
  projects: ['Acme'],
  hours: 1.5,
  share: '15%',
  price: '$12.34',
  done: true,
  due: '2025-12-03',
  started: '2025-12-03T09:30:00+01:00',
  effort: '2 hrs 30 mins',
  status: 'Open',
  tags: ['a', 'b'],
  owner: 'dana@example.com',
  page: 'https://example.com/page',
  picture: 'https://example.com/picture.png',
};

async function withRows(behaviour: Partial<Behaviour> = {}): Promise<StudioDoc> {
  const studio = createStudioDoc({ behaviour });
  await studio.insert('projects', [{ name: 'Acme' }]);
  await studio.insert('tasks', [FULL_ROW, { name: 'blank' }, { name: 'odd', project: 'none' }]);
  return studio;
}

describe.skipIf(!isPresent)(
  'every answer of the local doc has the shape of the API description',
  () => {
    it('to who and what there is', async () => {
      const studio = await withRows();
      const answers = [
        await check(studio, ['GET', '/whoami'], {}),
        await check(studio, ['GET', '/docs'], {}),
        await check(studio, ['GET', '/docs/{docId}'], {}),
        await check(studio, ['GET', '/docs/{docId}/tables'], { query: { limit: '2' } }),
      ];
      for (const name of ['tasks', 'open tasks']) {
        const params = { tableIdOrName: name };
        const column = { ...params, columnIdOrName: 'project' };
        answers.push(
          await check(studio, ['GET', TABLE], { params }),
          await check(studio, ['GET', `${TABLE}/columns`], { params, query: { limit: '100' } }),
          await check(studio, ['GET', `${TABLE}/columns/{columnIdOrName}`], { params: column }),
        );
      }
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    });

    it('to tables and columns of Founder HQ', async () => {
      const studio = createStudioDoc({ tables: FOUNDER_HQ_TABLES, views: [] });
      for (const { name, columns } of FOUNDER_HQ_TABLES) {
        const params = { tableIdOrName: name };
        const query = { limit: '100' };
        await check(studio, ['GET', TABLE], { params });
        await check(studio, ['GET', ROWS], { params });
        const listed = bodyOf(await check(studio, ['GET', `${TABLE}/columns`], { params, query }));
        expect(listed['items']).toHaveLength(columns.length);
      }
    });

    it.each([['simple'], ['simpleWithArrays'], ['rich']])(
      'to rows in the form %s',
      async (valueFormat) => {
        for (const emptyCell of ['text', 'absent'] as const) {
          const studio = await withRows({ emptyCell });
          const query = { valueFormat, limit: '2' };
          const page = bodyOf(
            await check(studio, ['GET', ROWS], { params: { tableIdOrName }, query }),
          );
          const pageToken = String(page['nextPageToken']);
          await check(studio, ['GET', ROWS], { params: { tableIdOrName }, query: { pageToken } });
          const params = { tableIdOrName, rowIdOrName: 'Audit' };
          const row = bodyOf(await check(studio, ['GET', ROW], { params, query }));
          expect(row['name']).toBe('Audit');
        }
      },
    );

    it('to changes and their status', async () => {
      for (const warning of ['absent', 'text'] as const) {
        const studio = await withRows({ warning });
        const params = { tableIdOrName, rowIdOrName: 'Audit', columnIdOrName: 'finish' };
        const rows = [{ cells: toCells({ external_id: 'x-1', hours: 2 }) }];
        const answers = [
          await check(studio, ['POST', ROWS], { params, body: { rows } }),
          await check(studio, ['POST', ROWS], {
            params,
            body: { rows, keyColumns: ['external_id'] },
          }),
          await check(studio, ['PUT', ROW], { params, body: { row: rows[0] } }),
          await check(studio, ['POST', `${ROW}/buttons/{columnIdOrName}`], { params }),
          await check(studio, ['DELETE', ROW], { params }),
          await check(studio, ['DELETE', ROWS], { params, body: { rowIds: ['i-none'] } }),
        ];
        for (const answer of answers) {
          expect(answer.status).toBe(202);
          const { requestId } = bodyOf(answer);
          await check(studio, ['GET', STATUS], { params: { requestId } });
        }
      }
    });

    it('to what is refused', async () => {
      const studio = await withRows();
      const params = { tableIdOrName, rowIdOrName: 'i-none', requestId: 'none' };
      const statuses = [
        await check(studio, ['GET', '/docs/{docId}'], { params: { docId: 'none' } }),
        await check(studio, ['GET', TABLE], { params: { tableIdOrName: 'none' } }),
        await check(studio, ['GET', ROW], { params }),
        await check(studio, ['GET', STATUS], { params }),
        await check(studio, ['GET', ROWS], { params, query: { pageToken: 'none' } }),
        await check(studio, ['POST', ROWS], { params, body: { rows: [{ cells: [{}] }] } }),
        await check(studio, ['POST', ROWS], { params: { tableIdOrName: 'open tasks' }, body: {} }),
        await check(studio, ['PUT', ROW], { params, body: { row: { cells: [] } } }),
        await check(studio, ['DELETE', ROW], { params }),
        await check(studio, ['DELETE', ROWS], { params, body: {} }),
      ];
      expect(statuses.map(({ status }) => status)).toEqual([
        404, 404, 404, 404, 400, 400, 400, 404, 404, 400,
      ]);
    });

    it('and the check itself finds what the description forbids', async () => {
      const studio = await withRows({ warning: 'null', hasExtraFields: true });
      const { body: whoami } = await studio.ask('GET', '/whoami');
      const { requestId } = bodyOf(await studio.insert('projects', [{}]));
      const { body: status } = await studio.ask('GET', `/mutationStatus/${String(requestId)}`);
      expect(validatorOf('GET', '/whoami', 200)(whoami)).toBe(false);
      expect(validatorOf('GET', STATUS, 200)(status)).toBe(false);
      expect(validatorOf('GET', ROWS, 200)({ items: [{ id: 'i-1' }] })).toBe(false);
    });
  },
);
