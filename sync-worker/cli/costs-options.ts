import { type Command, InvalidArgumentError, Option } from 'commander';
import { isCurrency } from '#shared/cost/index.ts';
import { isDay } from '#shared/kernel/index.ts';
import { addConnectionOptions } from './connection.ts';
import { addStoreOption } from './store-option.ts';
import { parseZone } from './zone-option.ts';

/** Gives a command the options that say what costs are read from and how they are counted. */
export function addCostsOptions(command: Command): Command {
  command
    .option(
      '--zone <zone>',
      "whose days and months count (default: the doc's own where it tells, else UTC)",
      parseZone,
    )
    .addOption(new Option('--time-zone <zone>').argParser(parseZone).hideHelp())
    .option(
      '--currency <code>',
      'what an amount is in where the doc says none (default: USD)',
      parseCurrency,
    );
  return addStoreOption(addConnectionOptions(command));
}

/** A month as an option. */
export function parseMonth(text: string): string {
  if (/^\d{4}-\d{2}$/.test(text) && isDay(`${text}-01`)) return text;
  throw new InvalidArgumentError('Expected a month such as 2026-03.');
}

/** A currency's code as an option. */
export function parseCurrency(text: string): string {
  if (isCurrency(text)) return text;
  throw new InvalidArgumentError('Expected a code of three capital letters, such as USD.');
}
