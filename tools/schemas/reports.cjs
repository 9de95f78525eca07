// The schemas of reports, of the types that state them: docs/schemas/<verb>.schema.json, and what several share in common.schema.json.
const { programOf, Schemas } = require('./schema-of-type.cjs');

const COMMON = 'common';
const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** Definitions that the common schema states by itself, because it reserves fields for what the model doesn't decide yet. */
const RESERVING = ['authorization', 'caller', 'connection', 'hop', 'object', 'protocol', 'reason', 'reasons', 'transport'];

/** The type of each report whose schema is generated, by the name of the schema. */
const REPORTS = {
  'ca-inspect': ['src/cli/ca/inspect/json.ts', 'PrintedInspections'],
  'check': ['src/cli/check/json.ts', 'PrintedCheck'],
  'check-meshes': ['src/cli/check/json.ts', 'PrintedMeshes'],
  'connections-2': ['src/cli/connections/json.ts', 'PrintedConnections'],
  'diff': ['src/cli/diff/json.ts', 'PrintedDiff'],
  'explain': ['src/cli/explain/json.ts', 'PrintedExplanations'],
  'migration': ['src/cli/plan/migration/json.ts', 'PrintedMigration'],
  'plan': ['src/cli/plan/json.ts', 'PrintedPlan'],
  'test': ['src/cli/test/json.ts', 'PrintedTestReport'],
  'trust-domain': ['src/cli/plan/to-trust-domain/json.ts', 'PrintedTrustDomainPlan'],
  'validate': ['src/cli/validate/json.ts', 'PrintedValidation'],
};

/**
 * The generated schemas, by name.
 *
 * `texts` are those of files that differ from the disk, by their paths; `others` all schemas by name, as they are: a definition that
 * they use stays in the common one.
 *
 * @param {{ texts?: Map<string, string>, others?: Map<string, any> }} [options]
 */
function reportSchemas({ texts, others = new Map() } = {}) {
  const program = programOf(Object.values(REPORTS).map(([path]) => path), texts);
  const reports = Object.entries(REPORTS).map(([name, [path, type]]) => {
    const schemas = new Schemas(program);
    const root = schemas.ofReport(path, type);
    return { name, root, definitions: new Map([...schemas.definitions].filter(([key]) => !RESERVING.includes(key)).map(([key, { schema }]) => [key, schema])) };
  });
  const uses = reports.flatMap(({ definitions }) => [...definitions.keys()]);
  const handWritten = [...others].filter(([name]) => !(name in REPORTS) && name !== COMMON).map(([, schema]) => JSON.stringify(schema));
  const reserving = JSON.stringify(RESERVING.map((key) => others.get(COMMON)?.$defs[key]));
  const isCommon = (key) => RESERVING.includes(key) || reserving.includes(`"#/$defs/${key}"`) || uses.filter((one) => one === key).length > 1 || handWritten.some((text) => text.includes(`"${COMMON}.schema.json#/$defs/${key}"`));
  const generated = new Map();
  for (const [key, schema] of reports.flatMap(({ definitions }) => [...definitions]).filter(([key]) => isCommon(key))) {
    if (generated.has(key) && JSON.stringify(generated.get(key)) !== JSON.stringify(schema)) throw new Error(`Two reports define ${key} differently. Fix: rename one of the types.`);
    generated.set(key, schema);
  }
  const kept = Object.entries(others.get(COMMON)?.$defs ?? {}).filter(([key]) => !generated.has(key) && isCommon(key));
  const common = { $schema: DRAFT, title: 'What the reports of several verbs share', $defs: sorted([...generated, ...kept]) };
  return new Map([[COMMON, common], ...reports.map(({ name, root, definitions }) => {
    const own = [...definitions].filter(([key]) => !isCommon(key));
    const schema = { $schema: DRAFT, ...root, ...own.length > 0 && { $defs: sorted(own) } };
    return [name, JSON.parse(JSON.stringify(schema), (key, value) => (key === '$ref' ? referring(value, isCommon) : value))];
  })]);
}

function sorted(entries) {
  return Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function referring(reference, isCommon) {
  const [, key] = /^#\/\$defs\/(.*)$/.exec(reference);
  return isCommon(key) ? `${COMMON}.schema.json#/$defs/${key}` : reference;
}

module.exports = { reportSchemas };
