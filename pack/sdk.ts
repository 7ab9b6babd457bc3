/**
 * What the Pack uses of the SDK, from the modules that hold it. The SDK's own index brings all of itself along, 10 KB of the
 * bundle that no block uses; its version is exact, so these paths move only when we move it.
 */

export {
  autocompleteSearchObjects,
  makeMetadataFormula,
  makeParameter,
  ResponseSizeTooLargeError,
  StatusCodeError,
  UserVisibleError,
} from '@codahq/packs-sdk/dist/api.js';
export type { ExecutionContext, Fetcher } from '@codahq/packs-sdk/dist/api_types.js';
export { ConnectionRequirement, ParameterType } from '@codahq/packs-sdk/dist/api_types.js';
export { newPack, type PackDefinitionBuilder } from '@codahq/packs-sdk/dist/builder.js';
export { SvgConstants } from '@codahq/packs-sdk/dist/helpers/svg.js';
export { withQueryParams } from '@codahq/packs-sdk/dist/helpers/url.js';
export {
  makeObjectSchema,
  type SchemaType,
  ValueHintType,
  ValueType,
} from '@codahq/packs-sdk/dist/schema.js';
export { AuthenticationType } from '@codahq/packs-sdk/dist/types.js';
