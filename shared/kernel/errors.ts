/** An operating failure seen by an adapter: the network, the disk, another system. Known by its code. */
export class DomainError<Code extends string = string> extends Error {
  override readonly name = 'DomainError';
  /** What went wrong, SCREAMING_SNAKE; texts and retry policies are keyed by it. */
  readonly code: Code;
  /** Whether the same call may succeed later without anything being changed. */
  readonly retryable: boolean;

  constructor(code: Code, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** Whether an unknown thrown value is a {@link DomainError}; by its fields, since bundling and VM borders break `instanceof`. */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof Error && error.name === 'DomainError' && 'code' in error;
}
