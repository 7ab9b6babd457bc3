/** `npm run proof:planning`: random plans played to their end, forecasts held to what came, and how routing chooses. */
import { provePlanning } from '../test/simulation/planning/prove-planning.ts';
import { proveRouting, tellRouting } from '../test/simulation/routing/proof-routing.ts';

const PLANS = 200;
const FORECASTS = 600;
const ROUTING_PLAYS = 100;
const MAX_STRETCH = 1.1;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const isBetween = (share: number, low: number, high: number): boolean =>
  share >= low && share <= high;

const { faults, medianStretch, worstStretch, coverage } = provePlanning(PLANS, FORECASTS);
say(`${2 * PLANS} plans, half of them with locks and groups: ${faults.length} broken constraints`);
for (const fault of faults) say(`fault: ${fault}`);
say(
  `makespan by lower bound: median ${medianStretch.toFixed(3)}, worst ${worstStretch.toFixed(3)}`,
);
say(
  `${FORECASTS} forecasts: by P50 ${percent(coverage.p50)}, by P90 ${percent(coverage.p90)}, between P10 and P90 ${percent(coverage.band)}`,
);
for (const line of tellRouting(proveRouting(ROUTING_PLAYS))) say(line);
const isCalibrated =
  isBetween(coverage.p50, 0.45, 0.55) &&
  isBetween(coverage.p90, 0.86, 0.94) &&
  isBetween(coverage.band, 0.78, 0.82);
process.exitCode = faults.length === 0 && medianStretch <= MAX_STRETCH && isCalibrated ? 0 : 1;
