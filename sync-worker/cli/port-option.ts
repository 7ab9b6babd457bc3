import { InvalidArgumentError, Option } from 'commander';

/** The option that says on which port of this computer a doc is served. */
export const portOption = (): Option =>
  new Option('--port <number>', 'port on 127.0.0.1; 0 takes a free one')
    .argParser(parsePort)
    .default(0);

/** A port as it is given on the command line. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}
