import {
  CONTRACT_NAMES,
  currentVersion,
  listEventKinds,
  toJsonSchema,
} from '#shared/contracts/index.ts';
import { type Page, toPage, toTable } from './page.ts';

/** The JSON Schema of each contract and the page of all events. */
export function toContractPages(): readonly Page[] {
  return [...CONTRACT_NAMES.map(toSchemaPage), toEventPage()];
}

function toSchemaPage(name: (typeof CONTRACT_NAMES)[number]): Page {
  return {
    path: `docs/contracts/${name}.v${currentVersion(name)}.json`,
    text: `${JSON.stringify(toJsonSchema(name), undefined, 2)}\n`,
  };
}

function toEventPage(): Page {
  const kinds = listEventKinds();
  return toPage('docs/contracts/events.md', 'the event catalogue', [
    '# Events',
    '',
    `${kinds.length} types. Each is a document of \`execution_event.v1\`; a payload carries at least the fields named here,`,
    'and one with a question mark may be absent or null. `any` happens to every entity, and an event `of_record` is as',
    'severe as the record it tells of.',
    '',
    ...toTable(
      ['entity', 'severity', 'type', 'payload'],
      kinds.map(({ entity, severity, type, payload }) => [
        entity,
        severity.replace('_', ' '),
        `\`${type}\``,
        payload.join(', '),
      ]),
    ),
  ]);
}
