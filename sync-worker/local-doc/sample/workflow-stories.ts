/** A kind of work the studio does: its steps with their estimates, and how its finished tasks went. */
export interface WorkflowStory {
  readonly name: string;
  readonly blueprint: string;
  readonly template: string;
  readonly automation: 'Manual' | 'Semi-automated' | 'Automated';
  /** Step and estimate. Units: hours. */
  readonly steps: readonly (readonly [step: string, hours: number])[];
  /** Σ actual ÷ Σ estimate − 1 over its finished tasks. */
  readonly total: number;
  /** How far single tasks scatter: the scale of ln(actual ÷ estimate). */
  readonly spread: number;
  /** Runs of all its finished tasks together. */
  readonly runs: number;
}

/**
 * The workflows. The first is the one the mean of its runs gets wrong: it runs over by more than a
 * third, and since its tasks take more than one run each, a single run looks shorter than the estimate.
 */
export const WORKFLOWS: readonly WorkflowStory[] = [
  {
    name: 'Marketing Audit',
    blueprint: 'Growth audit',
    template: 'Audit in four weeks',
    automation: 'Manual',
    steps: [
      ['Interview stakeholders', 3],
      ['Collect analytics', 2],
      ['Review channels', 4],
      ['Score the funnel', 5],
      ['Compare competitors', 4],
      ['Draft findings', 6],
      ['Build the deck', 4],
      ['Agree next steps', 2],
    ],
    total: 0.38,
    spread: 0.22,
    runs: 64,
  },
  {
    name: 'Client Onboarding',
    blueprint: 'Operations retainer',
    template: 'First two weeks',
    automation: 'Semi-automated',
    steps: [
      ['Kick-off call', 1],
      ['Collect access', 1.5],
      ['Set up workspace', 3],
      ['Map current tools', 4],
      ['Agree ways of working', 2],
      ['First weekly review', 1.5],
    ],
    total: 0.01,
    spread: 0.2,
    runs: 116,
  },
  {
    name: 'Monthly Reporting',
    blueprint: 'Operations retainer',
    template: 'Report by the fifth',
    automation: 'Semi-automated',
    steps: [
      ['Close the numbers', 4],
      ['Write commentary', 3],
      ['Check with the owner', 1],
      ['Publish the report', 1],
    ],
    total: -0.22,
    spread: 0.2,
    runs: 84,
  },
  {
    name: 'Process Mapping',
    blueprint: 'Operations retainer',
    template: 'Map and playbook',
    automation: 'Manual',
    steps: [
      ['Shadow the team', 4],
      ['Draw the map', 6],
      ['Find bottlenecks', 3],
      ['Write the playbook', 8],
    ],
    total: 0.12,
    spread: 0.3,
    runs: 74,
  },
  {
    name: 'Website Refresh',
    blueprint: 'Website refresh',
    template: 'Refresh in eight weeks',
    automation: 'Manual',
    steps: [
      ['Wireframe pages', 6],
      ['Write copy', 5],
      ['Design components', 8],
      ['Build templates', 10],
      ['Migrate content', 6],
      ['Test and launch', 4],
    ],
    total: 0.19,
    spread: 0.35,
    runs: 104,
  },
  {
    name: 'Content Calendar',
    blueprint: 'Growth audit',
    template: 'Quarter of posts',
    automation: 'Semi-automated',
    steps: [
      ['Plan topics', 2],
      ['Draft posts', 4],
      ['Schedule posts', 1],
    ],
    total: 0.3,
    spread: 0.25,
    runs: 30,
  },
  {
    name: 'Hiring Support',
    blueprint: 'Studio routine',
    template: 'Role to offer',
    automation: 'Manual',
    steps: [
      ['Write the role', 2],
      ['Screen applicants', 4],
      ['Prepare interviews', 3],
    ],
    total: -0.1,
    spread: 0.2,
    runs: 14,
  },
  {
    name: 'Studio Operations',
    blueprint: 'Studio routine',
    template: 'Week of the studio',
    automation: 'Manual',
    steps: [
      ['Weekly planning', 1],
      ['Invoice round', 2],
      ['Tool upkeep', 1.5],
      ['Pipeline review', 1],
      ['Portfolio update', 3],
    ],
    total: 0.06,
    spread: 0.3,
    runs: 94,
  },
];
