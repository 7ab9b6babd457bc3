/** What a row of the old templates says of itself. */
export interface TemplateFacts {
  readonly name: string;
  /** The word of its type column, "" where there is none; so for the others. */
  readonly type: string;
  readonly checklist: string;
  readonly link: string;
  readonly body: string;
}

/** Which of the two new tables a template belongs to, and what says so. `doubtful` is for a person to decide. */
export type TemplateClass =
  | {
      readonly kind: 'process';
      readonly type: 'Operational' | 'Communication';
      readonly because: string;
    }
  | {
      readonly kind: 'resource';
      /** Absent where nothing tells. */
      readonly type?: ResourceType;
      readonly because: string;
    }
  | { readonly kind: 'doubtful'; readonly because: string };

/** What a resource template is a template of. */
export type ResourceType = 'Document' | 'Communication' | 'Media';

type Side = 'process' | 'resource';
interface Vote {
  readonly side: Side;
  readonly because: string;
}

const PROCESS =
  /(?<!\p{L})(sops?|checklists?|process|procedure|playbook|runbook|operational|workflow)(?!\p{L})/iu;
const RESOURCES: readonly { readonly type: ResourceType; readonly words: RegExp }[] = [
  {
    type: 'Communication',
    words: /(?<!\p{L})(e-?mails?|letter|message|dm|sms|newsletter)(?!\p{L})/iu,
  },
  {
    type: 'Media',
    words: /(?<!\p{L})(media|images?|photos?|videos?|audio|logos?|graphics?|banners?)(?!\p{L})/iu,
  },
  {
    type: 'Document',
    words:
      /(?<!\p{L})(documents?|docs?|contract|agreement|nda|proposal|deck|slides|presentation|spreadsheet|form|pdf)(?!\p{L})/iu,
  },
];
const MEDIA_FILE = /\.(png|jpe?g|gif|svg|webp|mp4|mov|mp3|wav)($|[?#])/i;
const DOCUMENT_FILE = /\.(pdf|docx?|xlsx?|pptx?|odt|ods|csv|md|txt)($|[?#])/i;
const STEP_LINE = /^\s*([-*•☐]|\d{1,3}[.)]|\[[ xX]?\])\s*\S/;
/** A single bullet may be a dash that somebody began a sentence with. */
const STEPS_MIN = 2;

/**
 * Whether a template says how to work or is something to work with. Checklist, link, text and type each have a vote, and
 * so has a name that speaks for one side only; where they disagree, or none speaks, it is doubtful.
 */
export function classifyTemplate(template: TemplateFacts): TemplateClass {
  const votes = castVotes(template);
  const sides = new Set(votes.map(({ side }) => side));
  const because = votes.map((vote) => vote.because).join(', ');
  if (sides.size > 1) return { kind: 'doubtful', because };
  if (sides.has('process')) {
    const isTalk = /communicat/i.test(template.type);
    return { kind: 'process', type: isTalk ? 'Communication' : 'Operational', because };
  }
  if (!sides.has('resource')) return { kind: 'doubtful', because: 'nothing says what it is' };
  const type = resourceTypeOf(template);
  return { kind: 'resource', because, ...(type === undefined ? {} : { type }) };
}

/** The steps of a template, wherever they stand; "" where it has none. */
export const stepsOf = ({ checklist, body }: TemplateFacts): string => {
  if (checklist !== '') return checklist;
  return isListOfSteps(body) ? body : '';
};

function castVotes({ name, type, checklist, link, body }: TemplateFacts): readonly Vote[] {
  const votes: Vote[] = [];
  const add = (side: Side | undefined, because: string): void => {
    if (side !== undefined) votes.push({ side, because });
  };
  add(checklist === '' ? undefined : 'process', 'has a checklist');
  add(isListOfSteps(body) ? 'process' : undefined, 'its text is a list of steps');
  add(link === '' ? undefined : 'resource', 'points to a file');
  add(sideOfWords(type), `its type is \`${type}\``);
  const byName = sideOfWords(name);
  add(byName, `its name is that of a ${byName}`);
  return votes;
}

function sideOfWords(words: string): Side | undefined {
  const isProcess = PROCESS.test(words);
  const isResource = RESOURCES.some((resource) => resource.words.test(words));
  if (isProcess === isResource) return undefined;
  return isProcess ? 'process' : 'resource';
}

function isListOfSteps(body: string): boolean {
  const lines = body.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  return lines.length >= STEPS_MIN && lines.every((line) => STEP_LINE.test(line));
}

function resourceTypeOf({ name, type, link }: TemplateFacts): ResourceType | undefined {
  if (/communicat/i.test(type)) return 'Communication';
  for (const words of [type, name]) {
    const found = RESOURCES.find((resource) => resource.words.test(words));
    if (found !== undefined) return found.type;
  }
  if (MEDIA_FILE.test(link)) return 'Media';
  return DOCUMENT_FILE.test(link) ? 'Document' : undefined;
}
