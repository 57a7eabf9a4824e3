// The settings of a training run as a document: bounds and defaults from the schema, meanings from the comments beside it.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { soundLabelConfigSchema, tagConfigSchema, textLabelConfigSchema } from '../../app/contract/labelConfig';
import { trainingConfigSchema } from '../../app/contract/trainingConfig';

export const DOCUMENT = 'docs/training-config.md';
/** Where the schema's parts stand; of two comments on one name the first counts. */
const SOURCES = [
  'app/contract/trainingConfig.ts',
  'app/features/settings.ts',
  'app/contract/network.ts',
  'app/contract/labelConfig.ts',
  'app/contract/textInput.ts',
];

const INTRODUCTION = `# Settings of a training run

The file given to \`unroll train --config\`, as JSON. Made by \`node scripts/make-docs.mjs\` from the schema in
\`app/contract/trainingConfig.ts\`; a file with any other field is refused, with the field's name. Tasks of labels, told by
\`task\`, have settings of their own (\`app/contract/labelConfig.ts\`): they stand at the end.

Whatever \`frontEnd.normalisation\` says, training measures mean and deviation on its own data and writes those into the
model.
`;

/** The part of JSON Schema that zod writes. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly default?: unknown;
}

/** @param root the project's folder */
export async function documentText(root: string): Promise<string> {
  const meanings = await readMeanings(root);
  const schema = z.toJSONSchema(trainingConfigSchema, { io: 'input' }) as Schema;
  const own = Object.entries(schema.properties ?? {});
  const required = new Set(schema.required);
  const list = (properties: readonly [string, Schema][], isRequired: (name: string) => boolean): string[] =>
    properties.flatMap(([name, property]) => {
      const line = lineOf(name, property, isRequired(name), meanings.get(name));
      return [line, ...alternativesOf(property, meanings)];
    });
  const simple = own.filter(([, property]) => fieldsOf(property) === null);
  const sections = own.flatMap(([name, property]) => {
    const fields = fieldsOf(property);
    if (fields === null) return [];
    const needed = new Set(fields.required);
    const lines = list(Object.entries(fields.properties ?? {}), (field) => needed.has(field));
    return [`\n## \`${name}\`\n`, ...sentence(meanings.get(name), property), ...lines];
  });
  const lines = [
    INTRODUCTION,
    '## The whole\n',
    ...list(simple, (name) => required.has(name)),
    ...sections,
    ...LABEL_TASKS.flatMap(({ task, what, schema: other }) => [
      `\n## Task \`${task}\`: ${what}\n`,
      ...differences(schema, z.toJSONSchema(other, { io: 'input' }) as Schema, meanings),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

const LABEL_TASKS = [
  { task: 'classifySound', what: 'a label for a recording', schema: soundLabelConfigSchema },
  { task: 'classifyText', what: 'a label for a text', schema: textLabelConfigSchema },
  { task: 'tagText', what: 'a tag for every token of a text', schema: tagConfigSchema },
] as const;

/** What a task has that speech to text has not, or has in another way, and what it lacks. */
function differences(speech: Schema, task: Schema, meanings: ReadonlyMap<string, string>): string[] {
  const lines: string[] = [];
  const compare = (prefix: string, before: Schema, after: Schema): void => {
    const [known, own] = [before.properties ?? {}, after.properties ?? {}];
    const needed = new Set(after.required);
    for (const [name, property] of Object.entries(own)) {
      const counterpart = known[name];
      const isSection = fieldsOf(property) !== null && property.properties !== undefined && counterpart !== undefined;
      if (isSection) compare(`${name}.`, counterpart, property);
      else if (JSON.stringify(property) !== JSON.stringify(counterpart))
        lines.push(lineOf(`${prefix}${name}`, property, needed.has(name), meaningOf(name, meanings)));
    }
    const lacking = Object.keys(known).filter((name) => !(name in own));
    if (lacking.length > 0) lines.push(`- not there: ${lacking.map((name) => `\`${prefix}${name}\``).join(', ')}.`);
  };
  compare('', speech, task);
  return lines;
}
/** The comment beside the schema of labels: speech has another on the same name. */
const meaningOf = (name: string, meanings: ReadonlyMap<string, string>): string | undefined =>
  MEANINGS_OF_LABELS[name] ?? meanings.get(name);
const MEANINGS_OF_LABELS: Readonly<Record<string, string>> = {
  task: 'What is learned of what.',
  text: 'How the encoding is made from the texts that are learned.',
  embedding:
    'A learned vector of so many values for each entry of the encoding; none if left out: the entries themselves are read.',
  head: "What the label is told from: the last layer's last step, its mean over the steps, or its largest values.",
  classWeights:
    'Weight of each label in the loss: null for 1 each; "balanced" for what makes all labels weigh alike, however often each occurs; or a weight by label, 1 where a label is not named.',
};

/** Comments that stand directly before a property. */
async function readMeanings(root: string): Promise<ReadonlyMap<string, string>> {
  const meanings = new Map<string, string>();
  for (const source of SOURCES) {
    const text = await fs.readFile(join(root, source), 'utf8');
    for (const [, comment = '', name = ''] of text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+):/g)) {
      const meaning = comment.replace(/^\s*\*\s?/gm, '').replace(/\s+/g, ' ');
      if (!meanings.has(name)) meanings.set(name, meaning.trim());
    }
  }
  return meanings;
}

/** The object's schema, or that of a list's entries; null where the value has no fields that deserve a section. */
function fieldsOf(schema: Schema): Schema | null {
  const { properties, items } = schema;
  if (properties !== undefined && !isTranslated(properties)) return schema;
  return items === undefined ? null : fieldsOf(items);
}
const isTranslated = (properties: NonNullable<Schema['properties']>): boolean =>
  Object.keys(properties).join() === 'en,zh';

/** The kinds of entry that a list may hold, if these are objects of several kinds: their fields by name, then what each field is. */
function alternativesOf({ items }: Schema, meanings: ReadonlyMap<string, string>): string[] {
  const kinds = items?.oneOf?.map(({ properties, required }) => ({
    properties: Object.entries(properties ?? {}),
    required,
  }));
  if (kinds === undefined) return [];
  const names = kinds.map(({ properties, required }) =>
    properties
      .map(([name, schema]) => {
        if (schema.const !== undefined) return `  - \`${name}\` ${kindOf(schema)}`;
        return `\`${name}\`${required?.includes(name) ? '' : ' (may be left out)'}`;
      })
      .join(', '),
  );
  const fields = new Set(
    kinds
      .flatMap(({ properties }) => properties)
      .filter(([, schema]) => schema.const === undefined)
      .map(([name, schema]) => `  - ${kindLine(name, schema, meanings.get(name))}`),
  );
  return [...names, ...fields];
}
const kindLine = (name: string, schema: Schema, meaning: string | undefined): string =>
  `\`${name}\`: ${kindOf(schema)}.${meaning === undefined ? '' : ` ${meaning}`}`;

const sentence = (meaning: string | undefined, { type }: Schema): string[] =>
  type === 'array' ? [`A list.${meaning === undefined ? '' : ` ${meaning}`} Each entry:\n`] : [];

function lineOf(name: string, schema: Schema, isRequired: boolean, meaning: string | undefined): string {
  const need = isRequired ? '; needed' : defaultOf(schema);
  return `- \`${name}\`: ${kindOf(schema)}${need}.${meaning === undefined ? '' : ` ${meaning}`}`;
}

function kindOf(schema: Schema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(kindOf).join(', or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  switch (schema.type) {
    case 'integer':
      return `whole number${boundsOf(schema)}`;
    case 'number':
      return `number${boundsOf(schema)}`;
    case 'string':
      return schema.pattern === undefined ? textKind(schema) : `text of the form \`${schema.pattern}\``;
    case 'array':
      return schema.prefixItems === undefined
        ? `list${itemBounds(schema)}: ${schema.items?.oneOf === undefined ? kindOf(schema.items ?? {}) : 'each one of these'}`
        : '`[low, high]`';
    case 'object':
      return objectKind(schema);
    case 'boolean':
      return '`true` or `false`';
    case 'null':
      return '`null`';
    default:
      return 'anything';
  }
}

const defaultOf = ({ default: value }: Schema): string =>
  value === undefined ? '' : `; default \`${JSON.stringify(value)}\``;

const textKind = ({ maxLength }: Schema): string =>
  maxLength === undefined ? 'text' : `text of at most ${maxLength} characters`;

function boundsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
  const low = exclusiveMinimum === undefined ? minimum : exclusiveMinimum;
  const from = low === undefined || low <= Number.MIN_SAFE_INTEGER ? null : String(low);
  const to = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? null : String(maximum);
  if (exclusiveMaximum !== undefined)
    return exclusiveMinimum === undefined
      ? `${from === null ? '' : `, at least ${from}`}, below ${exclusiveMaximum}`
      : ` above ${from} and below ${exclusiveMaximum}`;
  if (exclusiveMinimum !== undefined) return ` above ${from}${to === null ? '' : `, at most ${to}`}`;
  if (from !== null && to !== null) return ` from ${from} to ${to}`;
  return from === null ? '' : `, at least ${from}`;
}

const itemBounds = ({ minItems, maxItems }: Schema): string => {
  if (maxItems === undefined) return '';
  return ` of ${minItems ?? 0} to ${maxItems}`;
};

function objectKind({ properties, additionalProperties }: Schema): string {
  if (properties === undefined) {
    const values = typeof additionalProperties === 'object' ? kindOf(additionalProperties) : 'anything';
    return `object from text to ${values}`;
  }
  const fields = Object.entries(properties).map(
    ([name, schema]) => `\`${name}\`: ${kindOf(schema)}${defaultOf(schema)}`,
  );
  return `{ ${fields.join('; ')} }`;
}
