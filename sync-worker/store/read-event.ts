import * as z from 'zod/mini';
import { DomainError, type Instant, isInstant } from '#shared/kernel/index.ts';
import type { Envelope, Json } from '#shared/ledger/index.ts';

const text = z.string();
const optionalText = z.exactOptional(text);
const bodySchema = z.object({
  position: z.int(),
  stream: text,
  version: z.int(),
  type: text,
  at: z.custom<Instant>((at) => typeof at === 'string' && isInstant(at)),
  actor: text,
  // What `JSON.parse` gives is JSON: only its absence needs a look.
  payload: z.custom<Json>((payload) => payload !== undefined),
  transition: z.exactOptional(z.object({ from: text, trigger: text, to: text })),
  scope: z.exactOptional(
    z.object({
      runId: optionalText,
      phaseId: optionalText,
      workstreamId: optionalText,
      taskId: optionalText,
    }),
  ),
  correlationId: optionalText,
  causationId: optionalText,
  idempotencyKey: optionalText,
  previousHash: text,
});

/** The event of a stored text and its hash. Errors: `DomainError` `STORE_CORRUPT` where the text is no event. */
export function readEvent({
  body,
  hash,
}: {
  readonly body: string;
  readonly hash: string;
}): Envelope {
  const read = bodySchema.safeParse(parseJson(body));
  if (read.success) return { ...read.data, hash };
  const detail = z.prettifyError(read.error);
  throw new DomainError('STORE_CORRUPT', `the ledger holds an event that is none: ${detail}`);
}

/** What a stored JSON text says. Errors: `DomainError` `STORE_CORRUPT` where it is no JSON. */
export function readStoredJson(body: string): Json {
  const value = parseJson(body);
  if (value !== undefined) return value;
  throw new DomainError(
    'STORE_CORRUPT',
    'the store holds a document that is no JSON; restore it from a backup',
  );
}

function parseJson(body: string): Json | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
