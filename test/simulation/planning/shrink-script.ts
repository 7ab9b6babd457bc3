import type { Script } from './plan-script.ts';
import { type Playing, playScript } from './play-script.ts';

/** How many plays it may cost to make a script smaller. */
const MOST_PLAYS = 300;

/** The smallest script found that still breaks a law: tasks are taken out by halves, then by less, for as long as it does. */
export function shrinkScript(script: Script, law: string, playing: () => Playing): Script {
  let least = script;
  let plays = 0;
  for (let chunk = least.plan.tasks.length >> 1; chunk >= 1; chunk >>= 1) {
    for (let from = 0; from < least.plan.tasks.length && plays < MOST_PLAYS; plays += 1) {
      const smaller = without(least, from, chunk);
      const isBroken = playScript(smaller, playing()).faults.some((fault) => fault.law === law);
      if (isBroken) least = smaller;
      else from += chunk;
    }
  }
  return least;
}

function without(script: Script, from: number, count: number): Script {
  const tasks = script.plan.tasks.filter((_task, place) => place < from || place >= from + count);
  const left = new Set(tasks.map(({ taskId }) => taskId));
  const isTask = (kind: string): boolean => ['task', 'file', 'capability'].includes(kind);
  const joined = tasks.map((task) => ({
    ...task,
    dependsOn: task.dependsOn.filter(({ kind, fromId }) => !isTask(kind) || left.has(fromId)),
  }));
  return { ...script, plan: { ...script.plan, tasks: joined } };
}

/** A script as text, its money in digits, its maps as lists, without the fates of tasks that are gone. */
export function tellScript(script: Script): string {
  const ids = new Set(script.plan.tasks.map(({ taskId }) => taskId));
  const fates = [...script.fates].filter(([taskId]) => ids.has(taskId.replace(/-fix$/, '')));
  return JSON.stringify({ ...script, fates }, (_key, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    return value instanceof Map ? [...value] : value;
  });
}
