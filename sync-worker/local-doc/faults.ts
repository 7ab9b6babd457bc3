import type { Behaviour } from './behaviour.ts';
import type { Dice } from './dice.ts';

/** What breaks about one call. */
export type Fault = 'resetBefore' | 'resetAfter' | 'badGateway';

/** The faults of a local doc: those asked for by name, then those that the dice bring. */
export interface Faults {
  /** Breaks the next call that changes rows (`write`), reads (`read`), or any. */
  failNext(fault: Fault, which?: 'read' | 'write' | 'any'): void;
  /** The fault of a call, once. */
  draw(method: string): Fault | undefined;
}

/** The faults of a behaviour. */
export function createFaults({ faults }: Behaviour, dice: Dice): Faults {
  const asked: { readonly fault: Fault; readonly which: 'read' | 'write' | 'any' }[] = [];
  let calls = 0;
  return {
    failNext(fault, which = 'any') {
      asked.push({ fault, which });
    },
    draw(method) {
      calls += 1;
      const kind = method === 'GET' ? 'read' : 'write';
      const place = asked.findIndex(({ which }) => which === 'any' || which === kind);
      if (place !== -1) return asked.splice(place, 1)[0]?.fault;
      const chance = dice('fault', calls);
      if (chance < faults.resetBefore) return 'resetBefore';
      if (chance < faults.resetBefore + faults.resetAfter) return 'resetAfter';
      const { badGateway } = faults;
      return chance < faults.resetBefore + faults.resetAfter + badGateway
        ? 'badGateway'
        : undefined;
    },
  };
}
