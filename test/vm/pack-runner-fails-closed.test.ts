import { expect, it, vi } from 'vitest';
import { createPackRunner } from '#worker/local-doc/pack-runner/index.ts';

vi.mock('@codahq/packs-sdk/dist/testing/ivm_wrapper.js', () => ({ tryGetIvm: () => null }));

it('runs no Pack in plain Node where isolated-vm does not load', async () => {
  const options = {
    bundlePath: '/nowhere/bundle.js',
    localOrigin: 'http://127.0.0.1:1',
    token: '',
  };
  await expect(createPackRunner(options)).rejects.toMatchObject({ code: 'PACK_VM_MISSING' });
});
