import { describe, expect, it } from 'vitest';
import {
  bearBreaker,
  bearGateCheck,
  bearPatch,
  bearRun,
  bearTask,
  bearWorker,
  bearWorkstream,
  rebuildDocuments,
} from '#shared/ledger/index.ts';
import { createRecordDesk } from './record-desk.ts';
import * as scene from './work-scene.ts';

const { asked, idOf, sha256 } = scene;
const config = scene.runConfig();
const of = { run: 'R', workstream: 'W', task: 'T' };

describe('a birth', () => {
  it('of a run says what it runs and what it repeats', () => {
    const step = bearRun(scene.run('R', { retryOf: idOf('before') }), config, asked(0));
    expect(step).toMatchObject({ entity: 'run', id: idOf('R') });
    expect(step.command).toEqual({
      ...asked(0),
      type: 'create',
      runId: idOf('R'),
      maxFixLoops: 3,
      runConfigId: idOf('config'),
      projectId: 'acme-site',
      phaseIds: ['build'],
      triggerType: 'manual',
      retryOf: idOf('before'),
    });
    expect(bearRun(scene.run('R'), config, asked(0)).command).not.toHaveProperty('retryOf');
  });

  it('of a workstream and of a task says what is done where it fails', () => {
    const workstream = scene.workstream('W', 'R', { onFailure: 'skip_dependents' });
    expect(bearWorkstream(workstream, config, asked(0)).command).toMatchObject({
      onFailure: 'skip_dependents',
    });
    const task = scene.task('T', of, { onFailure: 'fix_task', fixes: idOf('broken') });
    expect(bearTask(task, asked(0)).command).toMatchObject({
      onFailure: 'fix_task',
      fixes: idOf('broken'),
      estimateMs: 3_600_000,
    });
  });

  it('of a worker says which work it should rather get', () => {
    const worker = scene.worker('w1', { affinity: 'acme-site' });
    expect(bearWorker(worker, asked(0)).command).toMatchObject({
      workerId: 'w1',
      capabilities: ['web'],
      affinity: 'acme-site',
    });
  });

  it('of a patch says what it touches, what it follows and how often it may be applied', () => {
    const relations = { replacesPatchId: idOf('old'), chainId: 'landing-page' };
    const limits = { isRequired: true, maxApplyAttempts: 2 };
    const step = bearPatch(scene.patch('P', of, { relations }), limits, asked(0));
    expect(step.command).toEqual({
      ...asked(0),
      type: 'create',
      patchId: idOf('P'),
      taskId: idOf('T'),
      format: 'unified_diff',
      files: ['src/page.html'],
      ...relations,
      workstreamId: idOf('W'),
      ...limits,
    });
  });

  it('of a check says which one it repeats', () => {
    const check = scene.gateCheck('C', 'R', { attempt: 2, supersedes: idOf('C1') });
    const step = bearGateCheck(check, asked(0));
    expect(step).toMatchObject({ entity: 'gate_check', id: idOf('C') });
    expect(step.command).toEqual({
      ...asked(0),
      type: 'create',
      checkRunId: idOf('C'),
      gateId: 'tests',
      checkId: 'unit',
      checkType: 'unit_tests',
      required: true,
      dryRun: false,
      attempt: 2,
      supersedes: idOf('C1'),
    });
  });

  it('of a breaker is of its tool, and its document has no history', () => {
    const desk = createRecordDesk();
    const step = bearBreaker({ schema: 'breaker.v1', toolId: 'editor' }, asked(0));
    expect(desk.run(step)).toBeUndefined();
    expect(desk.envelopes).toMatchObject([{ stream: 'breaker/editor', type: 'breaker_created' }]);
    const document = desk.tables.get('breakers/editor')?.document;
    expect(document).toMatchObject({ toolId: 'editor', state: 'closed', version: 1 });
    expect(document).not.toHaveProperty('stateHistory');
    expect(rebuildDocuments(desk.envelopes, sha256)).toEqual([...desk.tables.values()]);
  });
});
