export type { TokenGrant } from './api-token.ts';
export {
  type Allowance,
  BEHAVIOUR_OF,
  type Behaviour,
  type Bucket,
  type FaultRates,
  type Profile,
  type Span,
} from './behaviour.ts';
export type { Fault } from './faults.ts';
export type { Listening } from './http-server.ts';
export {
  createDocFromTables,
  createLocalDoc,
  type LocalDoc,
  type LocalDocOptions,
} from './local-doc.ts';
export type { Person, ShownRow, TypedCells } from './person.ts';
export type { RequestCounts } from './request-counts.ts';
export type { ColumnSpec, ColumnType, TableSpec, ViewSpec } from './table-spec.ts';
export type { WireScalar, WireValue } from './wire-value.ts';
export type { DocPerson } from './write-cell.ts';
