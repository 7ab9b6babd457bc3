export { guardStream } from './guard-stream.ts';
export * from './known-secrets.ts';
export { toSecretPattern } from './secret-forms.ts';
