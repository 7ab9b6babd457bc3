import { randomBytes, randomInt } from 'node:crypto';
import type { CodaAnswer, CodaTransport } from '#shared/coda/index.ts';
import { type Clock, DomainError } from '#shared/kernel/index.ts';
import type { TokenGrant } from './api-token.ts';
import { BEHAVIOUR_OF, type Behaviour, type Profile } from './behaviour.ts';
import { createDice } from './dice.ts';
import { createDocCore } from './doc-core.ts';
import { type DocFile, type DocIdentity, openDocFile } from './doc-file.ts';
import { addTables, addView, toDocId } from './doc-schema.ts';
import { createFaults, type Faults } from './faults.ts';
import { type Listening, listenHttp } from './http-server.ts';
import { createPerson, type Person } from './person.ts';
import type { RequestCounts } from './request-counts.ts';
import { createRequestLimits } from './request-limits.ts';
import { createRouter } from './router.ts';
import type { TableSpec, ViewSpec } from './table-spec.ts';
import type { DocPerson } from './write-cell.ts';

/** Options of {@link createLocalDoc}. */
export interface LocalDocOptions {
  /** Where the doc is kept; `:memory:` keeps it nowhere. */
  readonly file: string;
  readonly profile: Profile;
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** Settles every draw: delays, lags, order, faults and the ids of a new doc. @default a random one */
  readonly seed?: number;
  /** Switches that differ from the profile. */
  readonly behaviour?: Partial<Behaviour>;
  /** Tokens beside the doc's own, which may do everything. */
  readonly tokens?: readonly TokenGrant[];
  /** The most the file may take; beyond it every write fails as on a full disk. Units: bytes. @default the disk's */
  readonly fileBytesMax?: number;
  /** What a new doc is made of; a doc that exists keeps what it has. */
  readonly tables?: readonly TableSpec[];
  readonly views?: readonly ViewSpec[];
  /** @default 'Founder HQ' */
  readonly name?: string;
  /** IANA zone. @default 'UTC' */
  readonly timezone?: string;
  /** Who has an account; the first owns the doc. @default one founder */
  readonly people?: readonly DocPerson[];
}

/** A Coda doc on this computer. */
export interface LocalDoc {
  readonly docId: string;
  readonly seed: number;
  /** The doc's own token, which may do everything. */
  readonly token: string;
  /** All tokens that are known. */
  readonly tokens: readonly TokenGrant[];
  readonly behaviour: Behaviour;
  /** What SQLite reads back of its own settings. */
  readonly durability: DocFile['durability'];
  /** Serves the API on 127.0.0.1. @default a free port. Errors: `DomainError` `PORT_IN_USE`. */
  listen(port?: number): Promise<Listening>;
  /** The API without HTTP, under the doc's own token. Errors: as {@link CodaTransport}. */
  readonly transport: CodaTransport;
  /** The API without HTTP, under another token. */
  transportFor(token: string): CodaTransport;
  /** Applies and reveals what is due by now; each request does so by itself. */
  advance(): void;
  /** Breaks a call to come. */
  readonly failNext: Faults['failNext'];
  /** What a person does in the live doc. */
  readonly person: Person;
  /** What has been asked since the doc was opened. */
  readonly counts: RequestCounts;
  close(): void;
}

const FOUNDER: DocPerson = { name: 'Founder', email: 'founder@example.com' };

/**
 * Opens a local doc, or makes it. One process at a time holds its file; what was answered 202 survives a kill.
 * Errors: `DomainError` `STORE_IN_USE`, `STORE_NEWER`, `STORE_CORRUPT`, `STORE_UNSAFE`,
 * `STORE_UNREADABLE`, `BAD_TABLE_SPEC`; a write that finds no room fails with `DISK_FULL` and leaves the doc as it was.
 */
export function createLocalDoc(options: LocalDocOptions): LocalDoc {
  const clock = options.clock ?? Date.now;
  const seed = options.seed ?? randomInt(2 ** 31);
  const dice = createDice(seed);
  const behaviour: Behaviour = { ...BEHAVIOUR_OF[options.profile], ...options.behaviour };
  const file = openDocFile(options.file, options.fileBytesMax);
  const identity = file.readIdentity() ?? makeDoc(file, options, { seed, nowMs: clock() });
  const core = createDocCore({ file, identity, behaviour, clock, dice });
  const grants = [{ token: identity.token }, ...(options.tokens ?? [])];
  const faults = createFaults(behaviour, dice);
  const limits = createRequestLimits(behaviour);
  const router = createRouter({ core, grants, limits, faults });
  const transportFor =
    (token: string): CodaTransport =>
    async (request) => {
      const reply = router.handle({
        method: request.method,
        path: request.path,
        query: request.query ?? {},
        bodyText: request.body === undefined ? '' : JSON.stringify(request.body),
        token,
        baseUrl: 'http://127.0.0.1/apis/v1',
      });
      if (reply.kind === 'reset') throw lostAnswer();
      return toAnswer(reply.status, reply.body);
    };
  return {
    docId: identity.docId,
    seed,
    token: identity.token,
    tokens: grants,
    behaviour,
    durability: file.durability,
    listen: (port = 0) => listenHttp(router, port),
    transport: transportFor(identity.token),
    transportFor,
    advance: () => core.advance(),
    failNext: (fault, which) => faults.failNext(fault, which),
    person: createPerson(core),
    get counts() {
      return router.counts();
    },
    close: () => file.close(),
  };
}

/** A local doc in memory with these tables, at once and without limits unless the options say otherwise. */
export const createDocFromTables = (
  tables: readonly TableSpec[],
  options: Partial<LocalDocOptions> = {},
): LocalDoc => createLocalDoc({ file: ':memory:', profile: 'instant', ...options, tables });

function makeDoc(
  file: DocFile,
  options: LocalDocOptions,
  { seed, nowMs }: { readonly seed: number; readonly nowMs: number },
): DocIdentity {
  // A doc's address ends in `_d` and its id, so an id with an underscore in it could be cut in the wrong place.
  const docId = toDocId('', `doc/${seed}`).replaceAll(/[-_]/g, 'x');
  const identity: DocIdentity = {
    docId,
    name: options.name ?? 'Founder HQ',
    token: randomBytes(16).toString('hex'),
    zone: options.timezone ?? 'UTC',
    createdAtMs: nowMs,
    people: options.people ?? [FOUNDER],
  };
  const base = addTables([], options.tables ?? [], docId);
  const tables = (options.views ?? []).reduce((made, view) => addView(made, view, docId), base);
  file.transaction(() => {
    file.writeIdentity(identity);
    file.writeTables(tables);
  });
  return identity;
}

/** By value, as a network would carry it. */
const toAnswer = (status: number, body: unknown): CodaAnswer => ({
  status,
  body: typeof body === 'string' ? body : JSON.parse(JSON.stringify(body)),
});

const lostAnswer = (): DomainError =>
  new DomainError('NETWORK', 'the connection broke before the answer', { retryable: true });
