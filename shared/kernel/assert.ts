/** Stops on a bug. An expected no is a refusal and an outside failure a {@link DomainError}; this is neither. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Bug: ${message}`);
}
