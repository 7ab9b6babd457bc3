import { MASK, scrub } from '#worker/secrets/index.ts';
import { type Log, type LogLevel, levelOf } from './log-event.ts';

/** Where events go, and from which level on. */
export interface LogOptions {
  /** A file that is added to, for this account alone. @default standard error */
  readonly file?: string;
  readonly level: LogLevel;
}

const STDERR = 2;
/** Fields that no event has: should one ever carry such a thing, its name alone keeps it out. */
const SECRET_FIELDS = ['authorization', 'cookie', 'token', 'password', 'secret', 'headers', 'body'];

/**
 * Opens a log of one JSON object a line. A line is written before the call returns, so that a crash loses none; each passes
 * the scrubber last of all. A log that can no longer be written is let go of: the work goes on.
 * Errors: those of the system where the file cannot be opened.
 */
export async function openLog({ file, level }: LogOptions): Promise<Log> {
  // Most commands keep no log, and start sooner without its library.
  const { default: pino } = await import('pino');
  const target = pino.destination({ dest: file ?? STDERR, sync: true, append: true, mode: 0o600 });
  target.on('error', () => undefined);
  const settings = {
    level,
    base: null,
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: MASK },
    hooks: { streamWrite: scrub },
  };
  const lines = pino(settings, target);
  return (event) => lines[levelOf(event)](event);
}
