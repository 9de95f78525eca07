// A verb's result is defined once, by its type, from which schema and JSON follow.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectionJson } from '../../src/cli/ca/inspect/json';
import { checkJson } from '../../src/cli/check/json';
import { diffJson } from '../../src/cli/diff/json';
import { explainJson } from '../../src/cli/explain/json';
import { readingOf } from '../../src/cli/input/reading';
import { planJson } from '../../src/cli/plan/json';
import { migrationJson } from '../../src/cli/plan/migration/json';
import { trustDomainJson } from '../../src/cli/plan/to-trust-domain/json';
import { testJson } from '../../src/cli/test/json';
import { reportSchemas } from '../../tools/schemas/reports.cjs';
import { schemaOf } from '../support/documents/schemas';

const ROOT = join(__dirname, '..', '..');

const names = readdirSync(join(ROOT, 'docs', 'schemas')).map((file) => file.replace('.schema.json', ''));
const others = new Map(names.map((name) => [name, schemaOf(name)]));

/** For types of reports: where a field is added, in which definition it is then, and what the command prints of a value with it. */
const TYPES: readonly [type: string, file: string, before: string, schema: string, definition: string, printed: (added: object) => unknown][] = [
  ['a part of an explanation', 'explain/outbound.ts', 'readonly listener: string;', 'explain', 'outboundNames', (added) =>
    JSON.parse(explainJson({ explanations: [{ connections: [{ outbound: [added] }] }] as any, notes: [] }, readingOf(NO_TEXTS), 0))
      .explanations[0].connections[0].outbound[0]],
  ['a group of a diff', 'changes/diff-report.ts', 'readonly kind: ChangeKind;', 'diff', 'group', (added) =>
    JSON.parse(diffJson({ ...COMPARED, acceptances: [], unknownEffects: [], groups: [{ gates: [], ...added }] } as any, [])).groups[0]],
  ['a changed object', 'changes/object-changes.ts', 'readonly moreFields: number;', 'common', 'objectDifference', (added) =>
    JSON.parse(planJson({ ...COMPARED, others: [added] } as any)).others[0]],
  ['a stage of a plan', 'changes/plan-report.ts', 'readonly waits: readonly string[];', 'common', 'stage', (added) =>
    JSON.parse(planJson({ ...COMPARED, stages: [added] } as any)).stages[0]],
  ['a caller that a mode cuts off', 'cli/plan/migration/report.ts', 'readonly host?: string;', 'migration', 'blocker', (added) =>
    JSON.parse(migrationJson({ compared: COMPARED, blockers: [added] } as any)).blockers[0]],
  ['a leftover of a trust domain', 'cli/plan/to-trust-domain/report.ts', 'readonly field: string;', 'trust-domain', 'trustDomainLeftover', (added) =>
    JSON.parse(trustDomainJson({ compared: COMPARED, stages: [], leftovers: [added] } as any)).leftovers[0]],
  ['an entry of what would decide connections', 'mesh/calls/missing-facts.ts', 'export interface MissingFact extends Fact {', 'common', 'missingFact', (added) =>
    JSON.parse(checkJson({ ...CHECKED, wouldDecide: { facts: [added] } } as any)).connections.wouldDecide.facts[0]],
  ['a witness of a test', 'expectations/verdict.ts', 'readonly calls: string;', 'test', 'connectionWitness', (added) =>
    JSON.parse(testJson({ ...CHECKED, tests: [{ expectation: { demand: {} }, position: {}, failures: [failureWith(added)] }] } as any))
      .tests[0].failures[0].witness],
  ['a check of certificates', 'cli/certificates/inspection.ts', 'readonly holds?: boolean;', 'ca-inspect', 'certificateCheck', (added) =>
    JSON.parse(inspectionJson([{ holder: { kind: 'ca', name: 'a' }, texts: [], checks: [added], findings: [] }] as any, { now: new Date(0) } as any))
      .inspected[0].checks[0]],
];

const failureWith = (added: object) => ({ position: {}, witness: { connection: {}, ...added } });
const NO_TEXTS = { paths: { judged: [], facts: [] }, texts: [], problems: [], skipped: [], notes: [] };
const COMPARED = { before: readingOf(NO_TEXTS), after: readingOf(NO_TEXTS), refused: { before: 0, after: 0 }, notes: [] };
const CHECKED = {
  reading: readingOf(NO_TEXTS), findings: [], acknowledged: [], connections: { outcomes: {} }, wouldDecide: { facts: [] }, tests: [],
};

/** The sources with a field added to each of these types, compiled once. */
const withFields = new Map(TYPES.map(([, file, field]) => {
  const path = join(ROOT, 'src', file);
  return [path, readFileSync(path, 'utf8').replace(field, '$&\n  /** Added to a copy. */\n  readonly added?: string;')] as const;
}));
const generated = reportSchemas({ texts: withFields, others }) as Map<string, any>;

describe.each(TYPES)('a field added to %s, in one file', (_, _file, _field, schema, definition, printed) => {
  test('is in the schema', () => {
    expect(generated.get(schema).$defs[definition].properties.added).toEqual({ type: 'string', description: 'Added to a copy.' });
  });

  test('is printed', () => {
    expect(printed({ added: 'b' })).toMatchObject({ added: 'b' });
  });
});

test('the schemas are up to date', () => {
  const withoutFields = JSON.parse(JSON.stringify([...generated]), (_, value) => {
    if (value?.added?.description !== 'Added to a copy.') return value;
    const { added: __, ...properties } = value;
    return properties;
  }) as [string, any][];
  for (const [name, schema] of withoutFields) expect(schema).toEqual(schemaOf(name));
});

test('each reference of a schema has a definition, and no definition is duplicate or unused', () => {
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
