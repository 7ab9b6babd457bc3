import {
  type ContractRefusal,
  type ExecutionEventDocument,
  isContractName,
  parseContract,
} from '#shared/contracts/index.ts';
import { accept, isDomainError, type Result, refuse } from '#shared/kernel/index.ts';
import {
  type Books,
  canonicalJson,
  type DocumentStep,
  decideSteps,
  type Json,
  type JsonObject,
  type NewEvent,
  type WorkStep,
} from '#shared/ledger/index.ts';
import {
  isRecordTable,
  type LeaseMark,
  RECORD_TABLES,
  type Store,
  sha256,
} from '#worker/store/index.ts';
import { findDone, type WorkBatch, type WorkLedger, type WorkRefusal } from '#worker/work/index.ts';
import { type EventAsk, toAsk } from './event-step.ts';
import { COUNTED_FIELDS } from './vouched-facts.ts';

/** What came of an event that is in the ledger now. */
export interface EventTaken {
  readonly kind: 'taken' | 'exists';
  /** Figures the ledger counts otherwise than the event told, by their field. */
  readonly otherFigures: readonly string[];
}

/** Why an event was not taken. */
export interface EventRefusal {
  readonly code: string;
  readonly reason: string;
}

/** The ledger events are taken into, and the lease they are taken under. */
export interface EventLedger {
  readonly store: Store;
  readonly work: WorkLedger;
  readonly under: LeaseMark;
}

/** What is wrong with a document, in a sentence. */
export const explainContract = ({ path, expected, received }: ContractRefusal): string =>
  `${path}: expected ${expected}, received ${received}`;

/**
 * Takes one event in by asking the ledger for what it tells: it is taken where the same decider that everybody asks tells the very same.
 * The same event again is known by its id; another under that id is refused with both hashes. Errors: those of the store.
 */
export async function takeEvent(
  event: ExecutionEventDocument,
  { store, work, under }: EventLedger,
): Promise<Result<EventTaken, EventRefusal>> {
  const { entityType, entityId, runId } = event;
  const key = `event/${event.eventId}`;
  const request: Json = JSON.parse(JSON.stringify(event));
  const runIds = [entityType === 'run' ? entityId : runId].filter((id) => typeof id === 'string');
  const others =
    entityType === 'worker' || entityType === 'breaker'
      ? [{ entity: entityType, id: entityId }]
      : [];
  const batch = { key, request, runIds, others, under };
  if ((await findDone(store, key)) !== undefined) {
    return carryOut(work, { ...batch, plan: () => [] }, []);
  }
  const books = await work.look(batch);
  const ask = toAsk(event, books);
  if (!ask.ok) return ask;
  const judged = judgeAsk(ask.value, event, books);
  return judged.ok ? carryOut(work, { ...batch, ...toWork(ask.value) }, judged.value) : judged;
}

const toWork = (ask: EventAsk): Pick<WorkBatch, 'plan' | 'documents' | 'notices'> => {
  const plan = (): readonly WorkStep[] => (ask.kind === 'step' ? [ask.step] : []);
  switch (ask.kind) {
    case 'step':
      return { plan };
    case 'document':
      return { plan, documents: [ask.document] };
    case 'notice':
      return { plan, notices: [ask.notice] };
  }
};

/** Figures that would come out otherwise. Refusals: the decider's own code, `EVENT_DIFFERS`, and those of a contract. */
function judgeAsk(
  ask: EventAsk,
  event: ExecutionEventDocument,
  books: Books,
): Result<readonly string[], EventRefusal> {
  if (ask.kind === 'document') return judgeDocument(ask.document);
  if (ask.kind === 'notice') return accept([]);
  const decided = decideSteps(books, [ask.step], sha256);
  if (!decided.ok) {
    const { refusal } = decided.refusal;
    return refuse({ code: refusal.code, reason: explainRefusal(refusal) });
  }
  const told = decided.value.appends.flatMap(({ events }) => events).at(-1);
  return told === undefined ? accept([]) : compare(told, event);
}

function judgeDocument({ table, document }: DocumentStep): Result<readonly string[], EventRefusal> {
  const contract = isRecordTable(table) ? RECORD_TABLES[table].contract : '';
  if (!isContractName(contract)) return accept([]);
  const read = parseContract(document, contract);
  if (read.ok) return accept([]);
  const { code } = read.refusal;
  return refuse({ code, reason: `its document: ${explainContract(read.refusal)}` });
}

/** What the ledger would tell must be what the event tells; only what it counts by itself may come out otherwise, and is named. */
function compare(
  { type, transition, payload, at }: NewEvent,
  event: ExecutionEventDocument,
): Result<readonly string[], EventRefusal> {
  const { from = 'none', to = '' } = transition ?? {};
  const given = toWords(event.type, event.fromState ?? 'none', event.toState ?? '');
  const told = toWords(type, from, to);
  if (told !== given) {
    const reason = `the ledger would tell \`${told}\` where the event tells \`${given}\``;
    return refuse({ code: 'EVENT_DIFFERS', reason });
  }
  const fields = listOther(toObject(payload), toObject(JSON.parse(JSON.stringify(event.payload))));
  const word = fields.find((name) => !COUNTED_FIELDS.has(name));
  // No event may lie before the last one of its entity, so that a later one that came first moves it.
  if (word === undefined) return accept(at === event.at ? fields : ['at', ...fields]);
  const reason = `the ledger would tell another \`${word}\` of \`${type}\``;
  return refuse({ code: 'EVENT_DIFFERS', reason });
}

const toWords = (type: string, from: string, to: string): string =>
  to === '' ? type : `${type} from ${from} to ${to}`;

/** Fields that are given and told otherwise. */
const listOther = (told: JsonObject, given: JsonObject): readonly string[] =>
  Object.keys(given).filter(
    (name) => canonicalJson(told[name] ?? null) !== canonicalJson(given[name] ?? null),
  );

const toObject = (value: Json): JsonObject => (isObject(value) ? value : {});

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function carryOut(
  work: WorkLedger,
  batch: WorkBatch,
  otherFigures: readonly string[],
): Promise<Result<EventTaken, EventRefusal>> {
  try {
    const done = await work.carryOut(batch);
    if (!done.ok) return refuse(toRefusal(done.refusal));
    return accept({ kind: done.value.kind === 'exists' ? 'exists' : 'taken', otherFigures });
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'RECORD_REFUSED') throw error;
    return refuse({ code: error.code, reason: error.message });
  }
}

function toRefusal(refusal: WorkRefusal): EventRefusal {
  switch (refusal.code) {
    case 'STEP_REFUSED':
      return { code: refusal.refusal.code, reason: explainRefusal(refusal.refusal) };
    case 'REQUEST_MISMATCH': {
      const { code, storedHash, givenHash } = refusal;
      return {
        code,
        reason: `its id stands for other content: stored ${storedHash}, given ${givenHash}`,
      };
    }
    case 'VERSION_CONFLICT':
      return { code: refusal.code, reason: 'others were writing the same; try it again' };
  }
}

/** A decider's refusal with the facts it gives. */
function explainRefusal({ code, ...facts }: { readonly code: string }): string {
  const told = Object.entries(facts).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [code.toLowerCase().replaceAll('_', ' '), ...told].join(', ');
}
