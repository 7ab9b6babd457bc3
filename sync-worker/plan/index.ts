export * from './apply-proposal.ts';
export * from './made-keys.ts';
