/** The two brands of the studio. */
export const VENTURES = ['Northlight Studio', 'Tidewater Advisory'] as const;

/** Who works there. */
export const PEOPLE = [
  { name: 'Dana', external_id: 'P-1', email: 'dana@example.com' },
  { name: 'Mika', external_id: 'P-2', email: 'mika@example.com' },
  { name: 'Robin', external_id: 'P-3', email: 'robin@example.com' },
] as const;

/** What is promised to clients, layer by layer. */
export const BLUEPRINTS = [
  {
    name: 'Growth audit',
    description:
      'Finds in four weeks where a small company loses the customers it already reaches.',
    customer_actions: 'Answers questions, grants access to analytics, decides what comes first.',
    frontstage: 'Interviews, a findings call, a plan for the next quarter.',
    backstage: 'Channel review, funnel scoring, comparison with competitors.',
    support_processes: 'Access checklist, benchmark library, quality review.',
    evidence: 'Audit deck, scored funnel, agreed list of next steps.',
  },
  {
    name: 'Operations retainer',
    description: 'Runs the routine behind a small company and keeps its numbers current.',
    customer_actions: 'Approves the ways of working, reads the monthly report, asks for changes.',
    frontstage: 'Kick-off, weekly review, monthly report.',
    backstage: 'Tool setup, bookkeeping hand-over, process maps.',
    support_processes: 'Password vault, report templates, cover for holidays.',
    evidence: 'Workspace, playbook, twelve reports a year.',
  },
  {
    name: 'Website refresh',
    description: 'Rebuilds a site of up to thirty pages without losing its place in search.',
    customer_actions: 'Chooses a direction, signs off copy, supplies pictures.',
    frontstage: 'Wireframe review, copy review, launch day.',
    backstage: 'Components, templates, migration, tests.',
    support_processes: 'Hosting, redirects, backups.',
    evidence: 'Live site, redirect list, editing guide.',
  },
  {
    name: 'Studio routine',
    description: 'What keeps the studio itself going, hiring for others included.',
    customer_actions: 'None, but for the client who is hiring.',
    frontstage: 'Shortlists and interviews.',
    backstage: 'Planning, invoices, pipeline, portfolio.',
    support_processes: 'Calendar, accounting, applicant mailbox.',
    evidence: 'Plan of the week, sent invoices, filled roles.',
  },
] as const;

/** What is sold, by which brand. */
export const OFFERS = [
  { name: 'Growth audit, fixed price', venture: VENTURES[0], service_blueprint: 'Growth audit' },
  { name: 'Operations retainer', venture: VENTURES[1], service_blueprint: 'Operations retainer' },
  { name: 'Website refresh', venture: VENTURES[0], service_blueprint: 'Website refresh' },
  { name: 'Hiring sprint', venture: VENTURES[1], service_blueprint: 'Studio routine' },
] as const;

/** Which client bought what. */
export const ENGAGEMENTS = [
  { name: 'Brightwater · audit and content', offer: 'Growth audit, fixed price' },
  { name: 'Corvid Books · audit', offer: 'Growth audit, fixed price' },
  { name: 'Delmar Clinic · audit', offer: 'Growth audit, fixed price' },
  { name: 'Brightwater · retainer', offer: 'Operations retainer' },
  { name: 'Elm Street Foods · retainer', offer: 'Operations retainer' },
  { name: 'Corvid Books · website', offer: 'Website refresh' },
  { name: 'Delmar Clinic · website', offer: 'Website refresh' },
  { name: 'Fennel Supply · hiring', offer: 'Hiring sprint' },
] as const;
