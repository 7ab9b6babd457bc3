/** Exports in the form each tool writes them, of a business that was made up. All tell of the same four stretches of work. */

/** Harvest, "Detailed time": UTF-8, days as the account writes them, hours with a decimal point. */
export const HARVEST = `Date,Client,Project,Project Code,Task,Notes,Hours,Hours Rounded,Billable?,Invoiced?,Approved?,First Name,Last Name,Roles,Employee?,Billable Rate,Billable Amount,Cost Rate,Cost Amount,Currency,External Reference URL
2026-03-02,Acme,Audit Acme,,Interviews,"Two calls, and notes",1.50,1.50,Yes,No,No,Dana,Reed,,Yes,100.0,150.0,50.0,75.0,Euro - EUR,
2026-03-02,Acme,Audit Acme,,Interviews,"Two calls, and notes",1.50,1.50,Yes,No,No,Dana,Reed,,Yes,100.0,150.0,50.0,75.0,Euro - EUR,
2026-03-17,Acme,Audit Acme,,Report,=First draft,2.25,2.25,Yes,No,No,Sam,Ode,,Yes,100.0,225.0,50.0,112.5,Euro - EUR,
2026-03-18,Acme,Audit Acme,,Report,,0.75,0.75,Yes,No,No,Sam,Ode,,Yes,100.0,75.0,50.0,37.5,Euro - EUR,
`;

/** Harvest of an account with a comma for decimals, semicolons, days first and without money columns. */
export const HARVEST_COMMA = `\uFEFFDate;Client;Project;Project Code;Task;Notes;Hours;Hours Rounded;Billable?;Invoiced?;Approved?;First Name;Last Name;Employee Id;Roles;Teams;Employee?;External Reference URL\r
02/03/2026;Acme;Audit Acme;;Interviews;Two calls;1,5;1,5;Yes;No;No;Dana;Reed;;;;Yes;\r
17/03/2026;Acme;Audit Acme;;Report;First draft;2,25;2,25;Yes;No;No;Sam;Ode;;;;Yes;\r
`;

/** Toggl Track, detailed report as it was up to 2024. */
export const TOGGL = `\uFEFFUser,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount ()
Dana Reed,dana@acme.example,Acme,Audit Acme,Interviews,First call,Yes,2026-03-02,09:00:00,2026-03-02,10:30:00,01:30:00,,
Dana Reed,dana@acme.example,Acme,Audit Acme,Interviews,First call,Yes,2026-03-02,11:00:00,2026-03-02,12:30:00,01:30:00,,
Sam Ode,sam@acme.example,Acme,Audit Acme,,Report,No,2026-03-17,22:30:00,2026-03-18,00:45:00,02:15:00,"deep, late",
Sam Ode,sam@acme.example,Acme,Audit Acme,,T-2 last touches,No,2026-03-18,08:00:00,2026-03-18,08:45:00,00:45:00,,
`;

/** Toggl Track, detailed report as it is since: the description first and quoted, stop instead of end. */
export const TOGGL_NEW = `\uFEFF"Description","Billable","Duration","Member","Email","Project","Client","Task","Tags","Start date","Start time","Stop date","Stop time"
"Interviews","Yes","1:30:00","Dana Reed","dana@acme.example","Audit Acme","Acme","-","-","2026-03-02","09:00:00","2026-03-02","10:30:00"
"Report","No","2:15:00","Sam Ode","sam@acme.example","Audit Acme","Acme","-","-","2026-03-17","22:30:00","2026-03-18","00:45:00"
`;

/** Clockify, detailed report of a workspace with months first and clocks of twelve hours. */
export const CLOCKIFY = `Project,Client,Description,Task,User,Group,Email,Tags,Billable,Start Date,Start Time,End Date,End Time,Duration (h),Duration (decimal),Billable Rate (USD),Billable Amount (USD)
Audit Acme,Acme,First call,Interviews,Dana Reed,,dana@acme.example,,Yes,03/02/2026,09:00:00 AM,03/02/2026,10:30:00 AM,01:30:00,1.50,100.00,150.00
Audit Acme,Acme,First call,Interviews,Dana Reed,,dana@acme.example,,Yes,03/02/2026,11:00:00 AM,03/02/2026,12:30:00 PM,01:30:00,1.50,100.00,150.00
Audit Acme,Acme,Report,,Sam Ode,,sam@acme.example,,Yes,03/17/2026,10:30:00 PM,03/18/2026,12:45:00 AM,02:15:00,2.25,100.00,225.00
Audit Acme,Acme,Report,,Sam Ode,,sam@acme.example,,Yes,03/18/2026,08:00:00 AM,03/18/2026,08:45:00 AM,00:45:00,0.75,100.00,75.00
`;

/** Clockify without the columns of tasks and groups, days first, clocks of 24 hours. */
export const CLOCKIFY_SHORT = `Project,Client,Description,User,Email,Tags,Billable,Start Date,Start Time,End Date,End Time,Duration (h),Duration (decimal)
Audit Acme,Acme,Interviews,Dana Reed,dana@acme.example,,Yes,02/03/2026,09:00:00,02/03/2026,10:30:00,01:30:00,1.50
Audit Acme,Acme,Report,Sam Ode,sam@acme.example,,Yes,17/03/2026,22:30:00,18/03/2026,00:45:00,02:15:00,2.25
`;

/** Kimai, CSV export: one day, from and to, the duration in hours. */
export const KIMAI = `Date,From,To,Duration,Currency,Rate,"Internal rate",User,Customer,Project,Activity,Description,Exported,Tags,"Hourly rate","Fixed rate",Type,Category
2026-03-02,09:00,10:30,1.50,EUR,150,75,"Dana Reed",Acme,"Audit Acme",Interviews,"First call",No,,100,,timesheet,work
2026-03-02,11:00,12:30,1.50,EUR,150,75,"Dana Reed",Acme,"Audit Acme",Interviews,"First call",No,,100,,timesheet,work
2026-03-17,22:30,00:45,2.25,EUR,225,112,"Sam Ode",Acme,"Audit Acme",Report,,No,,100,,timesheet,work
2026-03-18,08:00,08:45,0.75,EUR,75,37,"Sam Ode",Acme,"Audit Acme",Report,,No,,100,,timesheet,work
`;

/** Kimai with the duration in hours and minutes, and days with dots. */
export const KIMAI_COLONS = `Date,From,To,Duration,Rate,User,Customer,Project,Activity,Description
02.03.2026,09:00,10:30,1:30,150,Dana Reed,Acme,Audit Acme,Interviews,First call
17.03.2026,22:30,00:45,2:15,225,Sam Ode,Acme,Audit Acme,Report,
`;
