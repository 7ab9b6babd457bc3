import { addCorrectRun } from './actions/correct-run.ts';
import { addFinishRun } from './actions/finish-run.ts';
import { addLogHours } from './actions/log-hours.ts';
import { addPauseRun } from './actions/pause-run.ts';
import { addRecordCost } from './actions/record-cost.ts';
import { addRecordGate } from './actions/record-gate.ts';
import { addResumeRun } from './actions/resume-run.ts';
import { addStartRun } from './actions/start-run.ts';
import { addWaiveGate } from './actions/waive-gate.ts';
import { nameConnection } from './doc-reader.ts';
import { addBudgetState } from './formulas/budget-state.ts';
import { addBurnChart } from './formulas/burn-chart.ts';
import { addCostChart } from './formulas/cost-chart.ts';
import { addEarnedValue } from './formulas/earned-value.ts';
import { addForecast } from './formulas/forecast.ts';
import { addGateBadge } from './formulas/gate-badge.ts';
import { addNextStates } from './formulas/next-states.ts';
import { addSprintOf } from './formulas/sprint-of.ts';
import { addVarianceChart } from './formulas/variance-chart.ts';
import { addVarianceOf } from './formulas/variance-of.ts';
import { addVariancePercent } from './formulas/variance-percent.ts';
import { CODA_DOMAIN } from './pack-transport.ts';
import * as coda from './sdk.ts';
import { addDocHealth } from './tables/doc-health.ts';
import { addRuns } from './tables/runs.ts';
import { addVariance } from './tables/variance.ts';

/** The Pack: it declares its blocks and does nothing else. */
export const pack = coda.newPack();

pack.setVersion('0.1.0');
pack.addNetworkDomain(CODA_DOMAIN);
pack.setUserAuthentication({
  type: coda.AuthenticationType.CodaApiHeaderBearerToken,
  instructionsUrl: 'https://coda.io/account',
  defaultConnectionRequirement: coda.ConnectionRequirement.Required,
  getConnectionName: nameConnection,
});

addVariancePercent(pack);
addVarianceOf(pack);
addForecast(pack);
addSprintOf(pack);
addNextStates(pack);
addEarnedValue(pack);
addBudgetState(pack);

addVarianceChart(pack);
addBurnChart(pack);
addCostChart(pack);
addGateBadge(pack);

addVariance(pack);
addRuns(pack);
addDocHealth(pack);

addStartRun(pack);
addPauseRun(pack);
addResumeRun(pack);
addFinishRun(pack);
addLogHours(pack);
addCorrectRun(pack);
addRecordCost(pack);
addRecordGate(pack);
addWaiveGate(pack);
