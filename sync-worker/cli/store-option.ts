import { type Command, Option } from 'commander';
import { isDomainError } from '#shared/kernel/index.ts';
import { learnSecretOfUrl } from '#worker/secrets/index.ts';
import { nameOfUrl } from '#worker/store/index.ts';

/** Where the ledger lies, as it is given on the command line or in the surroundings. */
export interface StoreOptions {
  /** The URL of a PostgreSQL database; absent or empty for the file on this computer. */
  readonly store?: string;
}

/** Where the ledger lies, and nothing else of what a command was told. */
export const toPlace = ({ store }: StoreOptions): StoreOptions =>
  store === undefined ? {} : { store };

const HELP = `
A ledger that several machines share lies in a PostgreSQL database:
  --store postgres://dana@db.example.com/founder_hq
Who else uses this computer sees a command line, so a URL with a password belongs into FOUNDER_HQ_STORE, or the password into PGPASSWORD.`;

/** Gives a command the option that says where the ledger lies. */
export function addStoreOption(command: Command): Command {
  const parse = (text: string): string => {
    learnSecretOfUrl(text);
    try {
      if (text !== '') nameOfUrl(text);
      return text;
    } catch (error) {
      if (!isDomainError(error)) throw error;
      // The library's own words for a bad value would quote it, password and all.
      return command.error(
        `error: \`--store\` or FOUNDER_HQ_STORE cannot be used: ${error.message}`,
      );
    }
  };
  const option = new Option('--store <url>', 'the server with the ledger (default: a file here)')
    .env('FOUNDER_HQ_STORE')
    .argParser(parse);
  return command.addOption(option).addHelpText('after', HELP);
}
