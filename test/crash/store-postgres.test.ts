import { describe, expect, it } from 'vitest';
import {
  HAS_NO_POSTGRES,
  newDocId,
  POSTGRES_URL,
} from '../sync-worker/store/postgres/postgres-docs.ts';
import { proveReadersSkipNothing } from './store-postgres-readers.ts';
import { provePostgresStops } from './store-postgres-stops.ts';

// `npm run proof:store` takes the full count.
const STOPS = 2;
const EVENTS = 2_000;
const SEED = 20_261_124;

describe.skipIf(HAS_NO_POSTGRES)('a PostgreSQL store under load', () => {
  it('has every acknowledged event once, in one chain, after its server was ended at once', async () => {
    const report = await provePostgresStops({ stops: STOPS, seed: SEED });
    expect(report).toMatchObject({ stops: STOPS, lost: [], doubled: [] });
    expect(report.brokenAt).toBeUndefined();
    expect(report.acknowledged).toBeGreaterThan(STOPS);
    expect(report.events).toBeGreaterThan(report.acknowledged);
  });

  it('shows its readers every event in its place, while six write and the readers begin again', async () => {
    const doc = { url: POSTGRES_URL, docId: newDocId() };
    const report = await proveReadersSkipNothing({ ...doc, events: EVENTS, seed: SEED });
    expect(report).toMatchObject({ events: EVENTS, skipped: 0 });
    expect(report.restarts).toBeGreaterThan(0);
  });
});
