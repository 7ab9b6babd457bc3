/** A request of the Coda API as data. The transport adds the base address and the token. */
export interface CodaRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base address, each part already percent-encoded: `/docs/abc/tables`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON by value. */
  readonly body?: unknown;
}

/** Whatever came back, 4xx and 5xx included. `body` is parsed JSON, or the raw text where it was none. */
export interface CodaAnswer {
  readonly status: number;
  readonly body: unknown;
  /** How long the service asks to be left alone. Units: ms. */
  readonly retryAfterMs?: number;
}

/**
 * Carries one request. It retries nothing an answer was lost for, and resolves for every HTTP status.
 * Errors: rejects with a `DomainError` of code `NETWORK` when no answer came.
 */
export type CodaTransport = (request: CodaRequest) => Promise<CodaAnswer>;
