import { createForecaster, type ForecastTask } from '#shared/variance/index.ts';
import * as coda from '../../../pack/sdk.ts';
import { makeHistory } from '../../shared/variance/made-history.ts';

/** A Pack for the bench alone: the forecaster in the VM that Packs run in, called many times within one call from outside. */
export const pack = coda.newPack();

const TASKS = 4_000;
const ASKED = 50;

const history = makeHistory({ tasks: TASKS + ASKED, personSpread: 0.4, workflowSpread: 0.3 }, 1);
const asked: readonly ForecastTask[] = history.slice(TASKS).map(({ task }) => task);
const taught = createForecaster();
taught.learnAll(history.slice(0, TASKS));

/** Adds a formula that does a piece of work so many times. */
function addLoop(name: string, work: (time: number) => number): void {
  pack.addFormula({
    name,
    description: 'Does its work so many times and sums what comes of it.',
    connectionRequirement: coda.ConnectionRequirement.None,
    parameters: [
      coda.makeParameter({
        type: coda.ParameterType.Number,
        name: 'times',
        description: 'How often.',
        suggestedValue: 1,
      }),
    ],
    examples: [],
    resultType: coda.ValueType.Number,
    execute: async ([times]) => {
      let sum = 0;
      for (let time = 0; time < times; time += 1) sum += work(time);
      return sum;
    },
  });
}

const taskAt = (time: number): ForecastTask => asked[time % ASKED] ?? { estimateHours: 1 };

/** What remains of a call when nothing is done. */
addLoop('Nothing', (time) => taskAt(time).estimateHours);

/** A forecast from all that a forecaster remembers at most. */
addLoop('Forecast', (time) => taught.forecast(taskAt(time)).p90);

/** The same from scratch: so many finished tasks are learned for one forecast. */
for (const learned of [100, 500]) {
  addLoop(`LearnAndForecast${learned}`, (time) => {
    const forecaster = createForecaster();
    forecaster.learnAll(history.slice(0, learned));
    return forecaster.forecast(taskAt(time)).p90;
  });
}

/** One more outcome for a forecaster that remembers as many as it can. */
addLoop('Learn', (time) => {
  const { task, actualHours } = history[time % TASKS] ?? { task: taskAt(time), actualHours: 1 };
  taught.learn(task, actualHours);
  return actualHours;
});
