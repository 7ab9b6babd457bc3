import { createRequire } from 'node:module';
import { RIVALS, rivalFolder } from '../../../tools/install-rivals.ts';
import { measureSteps, toFacts } from './bout.ts';

/**
 * A process of the other store's own: one of its drivers fails now and then outside of any promise, which ends a process.
 * Arguments: database, place (a file or a URL), events per step. Prints events a second.
 */
interface Rival {
  readonly schema?: { migrate(): Promise<unknown> };
  appendToStream(stream: string, events: readonly object[]): Promise<unknown>;
  close?(): Promise<void>;
}

const [database = '', place = '', size = ''] = process.argv.slice(2);
const rival = open();
await rival.schema?.migrate();
const append = (stream: string, count: number): Promise<unknown> =>
  rival.appendToStream(
    stream,
    Array.from({ length: count }, (_, index) => ({ type: 'run_started', ...toFacts(index) })),
  );
await append('warm/up', 2);
console.log(await measureSteps(append, Number(size)));
await rival.close?.();

function open(): Rival {
  if (database === 'postgres') {
    const require = createRequire(`${rivalFolder('postgres')}/`);
    return require(RIVALS.postgres.main).getPostgreSQLEventStore(place);
  }
  const require = createRequire(`${rivalFolder('sqlite')}/`);
  const schema = { autoMigration: 'CreateOrUpdate' };
  return require(RIVALS.sqlite.main).getSQLiteEventStore({ fileName: place, schema });
}
