import { type Guard, must, should } from '../transition.ts';
import type { Run } from './run.ts';
import type { RunCommand, RunRefusal, SuccessFacts } from './run-messages.ts';

type RunGuard = Guard<RunRefusal>;
type Of<Type extends RunCommand['type']> = Extract<RunCommand, { readonly type: Type }>;

/** What must hold beyond the table, in the order in which it is judged. */
export function toRunGuards(
  command: Exclude<RunCommand, Of<'note' | 'correct'>>,
  run: Run,
): readonly RunGuard[] {
  switch (command.type) {
    case 'create':
      return [];
    case 'enqueue':
      return [must(command.isConfigValid, { code: 'RUN_CONFIG_INVALID' })];
    case 'start': {
      const { planFault: fault, isSlotFree } = command;
      return [
        { refusal: fault === undefined ? undefined : { code: 'PLAN_INVALID', fault } },
        must(isSlotFree, { code: 'RUN_NO_SLOT' }),
        budget(command),
      ];
    }
    case 'resume':
      return [must(!command.isHardStopped, { code: 'RUN_HARD_STOPPED' }), budget(command)];
    case 'begin_validation': {
      const { openWorkstreams } = command;
      return [must(openWorkstreams === 0, { code: 'RUN_WORK_OPEN', openWorkstreams })];
    }
    case 'reopen': {
      const { maxFixLoops, fixLoops } = run;
      return [should(fixLoops < maxFixLoops, { code: 'RUN_FIX_LIMIT', maxFixLoops })];
    }
    case 'succeed':
      return guardSuccess(command, run);
    case 'quarantine': {
      const hasEvidence = command.patchId !== undefined || command.errorId !== undefined;
      return [reason(command), must(hasEvidence, { code: 'EVIDENCE_REQUIRED' })];
    }
    case 'pause':
    case 'fail':
    case 'cancel':
      return [reason(command)];
  }
}

function guardSuccess(facts: SuccessFacts, run: Run): readonly RunGuard[] {
  const { openGates, openWorkstreams, openPatches, hasAcceptance } = facts;
  return [
    must(openGates.length === 0, { code: 'RUN_GATES_OPEN', openGates }),
    must(openWorkstreams === 0, { code: 'RUN_WORK_OPEN', openWorkstreams }),
    must(openPatches === 0, { code: 'RUN_PATCHES_OPEN', openPatches }),
    // What must be validated is not called done straight from the work.
    must(run.state !== 'running' || !hasAcceptance, {
      code: 'ILLEGAL_TRANSITION',
      from: 'running',
      trigger: 'succeed',
    }),
  ];
}

const budget = (command: { readonly isBudgetReservable: boolean }): RunGuard =>
  must(command.isBudgetReservable, { code: 'BUDGET_EXHAUSTED' });

const reason = (command: { readonly reason: string }): RunGuard =>
  must(command.reason !== '', { code: 'REASON_REQUIRED' });
