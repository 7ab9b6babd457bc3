import { type Command, Option } from 'commander';
import {
  CONTRACT_NAMES,
  type ContractName,
  currentVersion,
  toJsonSchema,
} from '#shared/contracts/index.ts';

const EXAMPLE = `
Example:
  npm run -s founder-hq -- export schemas --name cost_entry > cost_entry.v1.json
  npm run -s founder-hq -- export schemas > schemas.json

A schema (JSON Schema draft-07) says the form of each field. What must hold between fields only a reader here can judge.`;

/** Adds `export schemas`. */
export function registerExportSchemas(group: Command): void {
  group
    .command('schemas')
    .description('write the JSON Schema of every contract as one JSON object, or of one alone')
    .addOption(
      new Option('--name <contract>', 'only this one, as a schema by itself').choices(
        CONTRACT_NAMES,
      ),
    )
    .addHelpText('after', EXAMPLE)
    .action(({ name }: { readonly name?: ContractName }) => {
      const shown = name === undefined ? toAll() : toJsonSchema(name);
      process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
    });
}

const toAll = (): object =>
  Object.fromEntries(
    CONTRACT_NAMES.map((name) => [`${name}.v${currentVersion(name)}`, toJsonSchema(name)]),
  );
