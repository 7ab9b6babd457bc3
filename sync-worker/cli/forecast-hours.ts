import {
  describeForecast,
  learnHistory,
  toBacktestScene,
  toHoursText,
} from '#shared/variance/index.ts';
import { readBacktestFile, readFileBytes, readForecastFile } from '#worker/import/index.ts';
import type { ForecastAnswer } from './forecast-source.ts';
import { givenPath } from './given-path.ts';
import { findUnread, toFileRows } from './unread-file.ts';

/** The hours of each open task of one file, learned from the finished ones of another: as text, or as one JSON object. */
export async function forecastHours(files: {
  readonly tasks: string;
  readonly history: string;
  readonly isJson: boolean;
}): Promise<ForecastAnswer> {
  const history = await readBacktestFile(readFileBytes(givenPath(files.history)), {
    file: 'the history file',
  });
  const tasks = await readForecastFile(readFileBytes(givenPath(files.tasks)));
  const { rows } = toBacktestScene(history.history);
  const { forecast } = learnHistory(rows);
  const forecasts = tasks.asked.map(({ taskId, task }) => ({
    taskId,
    estimateHours: task.estimateHours,
    ...forecast(task),
  }));
  const { unestimatedIds } = tasks;
  const refused = [
    ...history.refused.map((row) => ({ ...row, file: 'history' as const })),
    ...tasks.refused.map((row) => ({ ...row, file: 'tasks' as const })),
  ];
  const unread = findUnread([
    toFileRows('tasks', tasks.rowsRead, refused),
    toFileRows('history', history.history.length, refused),
  ]);
  const read = { refused, unread };
  if (files.isJson) {
    return { ...read, text: JSON.stringify({ forecasts, unestimatedIds, refused }) };
  }
  const lines = [
    ...forecasts.map(
      (each) => `${each.taskId}: ${toHoursText(each.point)} h, ${describeForecast(each)}`,
    ),
    ...(forecasts.length === 0 ? ['No open task with an estimate.'] : []),
    ...unestimatedIds.map((taskId) => `${taskId}: no estimate, so no forecast`),
    ...refused.map(({ file, line, reason }) => `not read: ${file} line ${line}: ${reason}`),
  ];
  return { ...read, text: lines.join('\n') };
}
