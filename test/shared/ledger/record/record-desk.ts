import {
  type Books,
  decideSteps,
  EMPTY_HEAD,
  type Envelope,
  keepEntry,
  openBooks,
  type StepRefusal,
  type TableDocument,
  toDocuments,
  toSealedText,
  type WorkStep,
} from '#shared/ledger/index.ts';
import { sha256 } from './work-scene.ts';

/** A ledger and its tables in memory: as little as a store can be. */
export interface RecordDesk {
  readonly books: Books;
  readonly envelopes: readonly Envelope[];
  readonly tables: ReadonlyMap<string, TableDocument>;
  /** Carries steps out together, or answers the one that was refused. */
  run(...steps: readonly WorkStep[]): StepRefusal | undefined;
}

export function createRecordDesk(): RecordDesk {
  const books = openBooks();
  const envelopes: Envelope[] = [];
  const versions = new Map<string, number>();
  const tables = new Map<string, TableDocument>();
  return {
    books,
    envelopes,
    tables,
    run(...steps) {
      const decided = decideSteps(books, steps, sha256);
      if (!decided.ok) return decided.refusal;
      for (const { stream, events, expectedVersion } of decided.value.appends) {
        let version = versions.get(stream) ?? 0;
        if (version !== expectedVersion) throw new Error(`${stream} stands at ${version}`);
        for (const event of events) {
          version += 1;
          const position = envelopes.length + 1;
          const previousHash = envelopes.at(-1)?.hash ?? EMPTY_HEAD.hash;
          const unsealed = { ...event, position, stream, version, previousHash };
          envelopes.push({ ...unsealed, hash: sha256(toSealedText(unsealed)) });
        }
        versions.set(stream, version);
      }
      for (const one of toDocuments(decided.value, books))
        tables.set(`${one.table}/${one.id}`, one);
      for (const entry of decided.value.entries) keepEntry(books, entry);
      return undefined;
    },
  };
}
