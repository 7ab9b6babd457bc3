/** One project: a pass through a workflow. */
export interface ProjectStory {
  readonly name: string;
  readonly workflow: string;
  /** Absent for work the studio does for itself. */
  readonly engagement?: string;
  readonly people: readonly [lead: string, second: string];
  readonly finished: number;
  readonly open: number;
  /** First and last week of its finished tasks, of 26. Range: 0 to 23. */
  readonly weeks: readonly [first: number, last: number];
}

const AUDIT = { workflow: 'Marketing Audit' } as const;
const ONBOARDING = { workflow: 'Client Onboarding' } as const;
const REPORTING = { workflow: 'Monthly Reporting' } as const;
const WEBSITE = { workflow: 'Website Refresh' } as const;

/** The projects, from the oldest to the newest. Only the last has no template and no client. */
export const PROJECTS: readonly ProjectStory[] = [
  {
    ...AUDIT,
    name: 'Brightwater audit',
    engagement: 'Brightwater · audit and content',
    people: ['Dana', 'Mika'],
    finished: 14,
    open: 2,
    weeks: [0, 7],
  },
  {
    ...ONBOARDING,
    name: 'Brightwater onboarding',
    engagement: 'Brightwater · retainer',
    people: ['Robin', 'Dana'],
    finished: 22,
    open: 1,
    weeks: [1, 9],
  },
  {
    ...REPORTING,
    name: 'Brightwater reporting',
    engagement: 'Brightwater · retainer',
    people: ['Robin', 'Mika'],
    finished: 20,
    open: 3,
    weeks: [3, 23],
  },
  {
    ...WEBSITE,
    name: 'Corvid Books website',
    engagement: 'Corvid Books · website',
    people: ['Mika', 'Robin'],
    finished: 14,
    open: 2,
    weeks: [2, 12],
  },
  {
    ...AUDIT,
    name: 'Corvid Books audit',
    engagement: 'Corvid Books · audit',
    people: ['Dana', 'Robin'],
    finished: 14,
    open: 2,
    weeks: [8, 15],
  },
  {
    workflow: 'Process Mapping',
    name: 'Elm Street process map',
    engagement: 'Elm Street Foods · retainer',
    people: ['Dana', 'Mika'],
    finished: 24,
    open: 3,
    weeks: [5, 20],
  },
  {
    ...ONBOARDING,
    name: 'Elm Street onboarding',
    engagement: 'Elm Street Foods · retainer',
    people: ['Robin', 'Mika'],
    finished: 22,
    open: 1,
    weeks: [10, 18],
  },
  {
    ...REPORTING,
    name: 'Elm Street reporting',
    engagement: 'Elm Street Foods · retainer',
    people: ['Robin', 'Dana'],
    finished: 16,
    open: 3,
    weeks: [12, 23],
  },
  {
    ...AUDIT,
    name: 'Delmar Clinic audit',
    engagement: 'Delmar Clinic · audit',
    people: ['Dana', 'Mika'],
    finished: 13,
    open: 3,
    weeks: [16, 23],
  },
  {
    ...WEBSITE,
    name: 'Delmar Clinic website',
    engagement: 'Delmar Clinic · website',
    people: ['Mika', 'Dana'],
    finished: 13,
    open: 4,
    weeks: [14, 23],
  },
  {
    workflow: 'Content Calendar',
    name: 'Brightwater content',
    engagement: 'Brightwater · audit and content',
    people: ['Mika', 'Robin'],
    finished: 12,
    open: 2,
    weeks: [17, 23],
  },
  {
    workflow: 'Hiring Support',
    name: 'Fennel Supply hiring',
    engagement: 'Fennel Supply · hiring',
    people: ['Robin', 'Dana'],
    finished: 6,
    open: 2,
    weeks: [20, 23],
  },
  {
    workflow: 'Studio Operations',
    name: 'Studio upkeep',
    people: ['Dana', 'Robin'],
    finished: 38,
    open: 2,
    weeks: [0, 23],
  },
];
