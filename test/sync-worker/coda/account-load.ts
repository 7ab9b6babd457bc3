import type { CodaRequest, CodaTransport } from '#shared/coda/index.ts';
import { createCodaApi } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { isDomainError } from '#shared/kernel/index.ts';
import { CODA_RATE_LIMITS, createAccountBudget, createPacedTransport } from '#worker/coda/index.ts';
import { createLocalDoc, type LocalDoc } from '#worker/local-doc/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { recallTarget, tick } from '#worker/sync/index.ts';
import { createRandom } from '../../simulation/random.ts';
import { createVirtualTime } from './virtual-time.ts';

type Kind = 'read' | 'write' | 'content' | 'docs';

const MINUTE_MS = 60_000;
const LAG_MS = 400_000;

/** What an account was asked over all its docs. */
export interface Asked {
  readonly kind: Kind;
  readonly atMs: number;
  readonly isPerson: boolean;
  readonly isRefused: boolean;
}

/** How a load is played. */
export interface LoadOptions {
  readonly docs: number;
  /** Typed runs of each doc, each of a task of its own whose figures are to be written. */
  readonly runs: number;
  /** How long workers make a pass a minute. Units: ms. */
  readonly lastsMs: number;
  /** When the service refuses whatever it is asked. Units: ms since the beginning. */
  readonly storm?: { readonly fromMs: number; readonly untilMs: number };
  readonly seed?: number;
  /** Opens a store of its own under that name, in a folder that is thrown away. */
  readonly openStore: (name: string) => Promise<Store>;
}

/** What came of it. */
export interface LoadReport {
  readonly asked: readonly Asked[];
  /** Time during which a worker had rows to write. Units: ms. */
  readonly busyMs: number;
  /** Of the writes to rows that the workers' share had room for while they had some: those that were sent. */
  readonly usedShare: number;
  /** Passes by how they ended. */
  readonly ends: Readonly<Record<string, number>>;
}

/** Two workers that make a pass a minute over each doc of one account, people who press buttons, and the limits of the service. */
export async function playLoad(options: LoadOptions): Promise<LoadReport> {
  const { docs: count, runs, lastsMs, storm, seed = 1, openStore } = options;
  const time = createVirtualTime();
  const random = createRandom(seed);
  const startMs = time.clock();
  const asked: Asked[] = [];
  const ends: Record<string, number> = {};
  const busy = createStopwatch(time.clock);
  const isOver = () => time.clock() >= startMs + lastsMs;

  /** The service's own count, as of the moment a request arrives. */
  const judge = (kind: Kind, isPerson: boolean): boolean => {
    const atMs = time.clock();
    const { requests, windowMs } = CODA_RATE_LIMITS[kind];
    const lately = asked.filter(
      (one) => one.kind === kind && !one.isRefused && one.atMs > atMs - windowMs,
    );
    const sinceMs = atMs - startMs;
    const isStorm = storm !== undefined && sinceMs >= storm.fromMs && sinceMs < storm.untilMs;
    const isRefused = isStorm || lately.length >= requests;
    asked.push({ kind, atMs, isPerson, isRefused });
    return isRefused;
  };

  const docs = await Promise.all(
    Array.from({ length: count }, async (_, at) => ({
      doc: createDoc({ at, runs, clock: time.clock, limits: undefined }),
      ledger: await openStore(`ledger-${at}`),
    })),
  );
  const budgetStore = await openStore('budget');

  const carry =
    (doc: LocalDoc): CodaTransport =>
    async (request) => {
      await time.wait(random.between(50, 200));
      if (judge(kindOf(request), false)) return { status: 429, body: { message: 'Too many' } };
      const answer = await doc.transport(request);
      await time.wait(random.between(50, 200));
      return answer;
    };

  const pass = async ({ doc, ledger }: (typeof docs)[number]): Promise<void> => {
    const { clock, wait } = time;
    const paced = createPacedTransport(carry(doc), { clock, wait, random: () => random.next() });
    const budget = createAccountBudget(budgetStore, { clock, wait });
    paced.share(budget);
    const watched: CodaTransport = (request) =>
      kindOf(request) === 'content'
        ? busy.during(() => paced.transport(request))
        : paced.transport(request);
    try {
      const api = createCodaApi(watched);
      const target = await recallTarget(ledger, { api, docId: doc.docId });
      await tick({
        store: ledger,
        target,
        clock,
        wait,
        lagMs: LAG_MS,
        guardWrites: paced.guardWrites,
      });
      ends['done'] = (ends['done'] ?? 0) + 1;
    } catch (error) {
      if (!isDomainError(error)) throw error;
      ends[error.code] = (ends[error.code] ?? 0) + 1;
    } finally {
      await budget.rest();
    }
  };
  const work = async (one: (typeof docs)[number]): Promise<void> => {
    await time.wait(random.between(0, MINUTE_MS));
    while (!isOver()) {
      await pass(one);
      await time.wait(MINUTE_MS);
    }
  };
  /** A press a quarter of a minute: theirs is a third of what the service takes. */
  const press = async (): Promise<void> => {
    while (!isOver()) {
      await time.wait(random.between(10_000, 20_000));
      judge('content', true);
    }
  };
  await time.run(Promise.all([press(), ...[...docs, ...docs].map(work)]));
  for (const { doc, ledger } of docs) {
    await ledger.close();
    doc.close();
  }
  await budgetStore.close();
  const sent = asked.filter(({ kind, isPerson }) => kind === 'content' && !isPerson).length;
  const busyMs = busy.elapsedMs();
  const room = (busyMs / CODA_RATE_LIMITS.content.windowMs) * 2;
  return { asked, busyMs, usedShare: sent / room, ends };
}

function createDoc(of: {
  readonly at: number;
  readonly runs: number;
  readonly clock: () => number;
  readonly limits: undefined;
}): LocalDoc {
  const doc = createLocalDoc({
    file: ':memory:',
    profile: 'strict',
    tables: FOUNDER_HQ_TABLES,
    people: [{ name: 'Dana', email: 'dana@studio.example' }],
    seed: of.at + 1,
    clock: of.clock,
    behaviour: { limits: undefined, snapshotLag: { minMs: 0, maxMs: 30_000 } },
  });
  const { person } = doc;
  person.insertRow('people', { name: 'Dana', email: 'dana@studio.example' });
  person.insertRow('workflows', { name: 'Audit', external_id: 'W1', status: 'Active' });
  person.insertRow('process_templates', { name: 'Audit v1', workflow: 'Audit' });
  person.insertRow('projects', { name: 'Acme', process_template: 'Audit v1' });
  for (let run = 0; run < of.runs; run += 1) {
    person.insertRow('tasks', {
      name: `T${run}`,
      external_id: `T${run}`,
      project: 'Acme',
      estimated_hours: 2,
    });
    person.insertRow('execution_runs', { run_id: `R${run}`, task: `T${run}`, actual_hours: 1 });
  }
  return doc;
}

function kindOf({ method, path }: CodaRequest): Kind {
  if (method === 'GET') return path === '/docs' ? 'docs' : 'read';
  return /\/tables\//.test(path) ? 'content' : 'write';
}

/** Time during which at least one thing of a kind was under way. */
function createStopwatch(clock: () => number) {
  let running = 0;
  let sinceMs = 0;
  let sumMs = 0;
  return {
    async during<Value>(work: () => Promise<Value>): Promise<Value> {
      if (running === 0) sinceMs = clock();
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        if (running === 0) sumMs += clock() - sinceMs;
      }
    },
    elapsedMs: () => sumMs,
  };
}

/** Opens a store in a file, for a load that is played in a folder of its own. */
export const openIn =
  (folder: string) =>
  (name: string): Promise<Store> =>
    openSqliteStore({ file: `${folder}/${name}.db` });
