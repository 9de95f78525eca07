// A verb's result is stated once, by its type: schema and JSON follow it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainJson } from '../../src/cli/explain/json';
import { readingOf } from '../../src/cli/input/reading';
import { reportSchemas } from '../../tools/schemas/reports.cjs';
import { schemaOf } from '../support/documents/schemas';

const ROOT = join(__dirname, '..', '..');
const PATH = join(ROOT, 'src', 'explain', 'outbound.ts');

const names = readdirSync(join(ROOT, 'docs', 'schemas')).map((file) => file.replace('.schema.json', ''));
const others = new Map(names.map((name) => [name, schemaOf(name)]));

describe('a field added to a type, in one file', () => {
  const text = readFileSync(PATH, 'utf8');
  const withField = text.replace('readonly listener: string;', '$&\n  /** Added to a copy. */\n  readonly added?: string;');
  const generated = reportSchemas({ texts: new Map([[PATH, withField]]), others }) as Map<string, any>;

  test('is in the schema, which is up to date but for it', () => {
    expect(withField).not.toBe(text);
    const { outboundNames } = generated.get('explain').$defs;
    const { added, ...properties } = outboundNames.properties;
    expect(added).toEqual({ type: 'string', description: 'Added to a copy.' });
    outboundNames.properties = properties;
    expect([...generated.keys()]).toEqual(['common', 'explain']);
    for (const [name, schema] of generated) expect(schema).toEqual(schemaOf(name));
  });

  test('is printed', () => {
    const texts = { paths: { judged: [], facts: [] }, texts: [], problems: [], skipped: [], notes: [] };
    const explanation = { connections: [{ outbound: [{ kind: 'http', listener: 'a', added: 'b' }] }] };
    const printed = explainJson({ explanations: [explanation] as any, notes: [] }, readingOf(texts), 0);
    expect(JSON.parse(printed).explanations).toEqual([explanation]);
  });
});

test('each reference of a schema leads to a definition, and no definition is stated twice or in vain', () => {
  const references = new Set<string>();
  for (const [name, schema] of others) {
    for (const [, file, key] of JSON.stringify(schema).matchAll(/"\$ref":"([^"#]*)#\/\$defs\/([^"]*)"/g)) references.add(`${file === '' ? name : file.replace('.schema.json', '')} ${key}`);
  }
  const definitions = [...others].flatMap(([name, { $defs = {} }]) => Object.keys($defs).map((key) => `${name} ${key}`));
  expect([...references].filter((one) => !definitions.includes(one))).toEqual([]);
  expect(definitions.filter((one) => !references.has(one))).toEqual([]);
  const stated = Object.entries(others.get('common').$defs).map(([key, schema]) => `${key} ${JSON.stringify(schema)}`);
  const again = [...others].filter(([name]) => name !== 'common').flatMap(([, { $defs = {} }]) => Object.entries($defs).map(([key, schema]) => `${key} ${JSON.stringify(schema)}`));
  expect(again.filter((one) => stated.includes(one))).toEqual([]);
});
