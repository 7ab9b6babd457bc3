import type { Result } from '#shared/kernel/index.ts';

/** A request as the local doc judges it, by HTTP or in process. */
export interface ApiRequest {
  readonly method: string;
  /** Below `/apis/v1`, percent-encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The body as it came; "" for none. */
  readonly bodyText: string;
  readonly token: string | undefined;
  /** The version header, where one was sent. */
  readonly docVersion?: string | undefined;
  /** The base address, for links in answers. */
  readonly baseUrl: string;
}

/** What the caller gets: an answer, or a broken connection. */
export type ApiReply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** JSON by value, or text that is none. */
      readonly body: unknown;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'reset' };

/** An answer of 400 and above. */
export interface ApiRefusal {
  readonly status: number;
  readonly message: string;
}

/** What a route answers. */
export type ApiResult = Result<{ readonly status: number; readonly body: unknown }, ApiRefusal>;

const STATUS_MESSAGE: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  504: 'Gateway Timeout',
};

/** The body of a refusal. */
export const toErrorBody = ({ status, message }: ApiRefusal): unknown => ({
  statusCode: status,
  statusMessage: STATUS_MESSAGE[status] ?? 'Error',
  message,
});
