import type { Command } from 'commander';
import { registerExportCosts } from './export-costs.ts';
import { registerExportEvents } from './export-events.ts';
import { registerExportMetrics } from './export-metrics.ts';
import { registerExportSchemas } from './export-schemas.ts';

/** Adds `export`: what Founder HQ knows, in the forms other programs read. */
export function registerExport(program: Command): void {
  const group = program.command('export').summary('what Founder HQ knows, as files for others');
  registerExportCosts(group);
  registerExportEvents(group);
  registerExportSchemas(group);
  registerExportMetrics(group);
}
