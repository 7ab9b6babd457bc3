/** Milliseconds since 1970. The core is told the time; only adapters ask for it. */
export type Clock = () => number;

/** SHA-256 of a text's UTF-8 bytes as 64 lower-case hex digits. Native in the worker, a small library in the Pack. */
export type Sha256 = (text: string) => string;
