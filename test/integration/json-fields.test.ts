// What the command prints as JSON, the library tells in every language: each field of the schemas is a member of a type, or has a reason to be none.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  ClassDeclaration, createSourceFile, InterfaceDeclaration, isClassDeclaration, isGetAccessor, isIdentifier, isInterfaceDeclaration,
  isPropertyDeclaration, isPropertySignature, Node, ScriptTarget,
} from 'typescript';
import { schemaOf } from '../support/documents/schemas';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, 'src', 'integration');

/** The members of the types in src/integration, each with the text of its type. */
type Members = ReadonlyMap<string, string>;

function isMember(node: Node): boolean {
  return isPropertySignature(node) || isPropertyDeclaration(node) || isGetAccessor(node);
}

function declarations(): ReadonlyMap<string, InterfaceDeclaration | ClassDeclaration> {
  const found = new Map<string, InterfaceDeclaration | ClassDeclaration>();
  for (const file of readdirSync(FOLDER)) {
    const source = createSourceFile(file, readFileSync(join(FOLDER, file), 'utf8'), ScriptTarget.ES2022, true);
    for (const statement of source.statements) {
      if ((isInterfaceDeclaration(statement) || isClassDeclaration(statement)) && statement.name) found.set(statement.name.text, statement);
    }
  }
  return found;
}

const TYPES = declarations();

function membersOf(type: string): Members {
  const declared = TYPES.get(type)!;
  const bases = (declared.heritageClauses ?? []).flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
  const inherited = bases.filter((name) => TYPES.has(name));
  const own = [...declared.members].filter(isMember).flatMap((member): [string, string][] => {
    const { name, type: written } = member as { name?: Node; type?: Node };
    return name && isIdentifier(name) ? [[name.text, written?.getText() ?? '']] : [];
  });
  return new Map([...inherited.flatMap((name) => [...membersOf(name)]), ...own]);
}

/** The type that a member's objects have; undefined: it has texts, numbers, or whatever JSON. */
function typeNamed(written: string): string | undefined {
  const name = written.replace(/ \| undefined$/, '').replace(/\[\]$/, '');
  return TYPES.has(name) ? name : undefined;
}

/** Where the members that a JSON field comes to are: a path from the type, or a reason why there is none. */
type Told = string | { readonly because: string };

const FILES: Told = { because: 'the library is given objects and texts, not files, and throws on what it can\'t read' };
const COMMAND: Told = { because: 'words of the command line; the facts are beside it' };
const OF_MODULE: Told = { because: 'of the release: `istio-mtls --version` and the docs of the package say it' };
const BASELINE: Told = { because: 'of the baseline\'s file, which only the command writes: the library tells what it holds, in `baselined`' };

const PLANNED: Told = { because: 'nothing decides it yet' };
const WORLDS: Told = { because: 'the command alone decides both ways what the manifests don\'t contain: docs/limits.md' };

/** The fields that every report has. */
const REPORT: Readonly<Record<string, Told>> = {
  format: OF_MODULE,
  istio: OF_MODULE,
  configuration: FILES,
  unreadable: FILES,
  skipped: FILES,
};

/** Fields with another name in the library, by type. */
const NAMES: Readonly<Record<string, Readonly<Record<string, Told>>>> = {
  MtlsAnalysis: {
    ...REPORT,
    'baseline': BASELINE,
    'worlds': WORLDS,
    'brokenIfStrict': WORLDS,
    'summary': { because: 'numbers of files, and of the lists that the library gives whole' },
    'connections.connections': 'summary.connections',
    'connections.lostCopies': 'summary.lostCopies',
    'connections.outcomes': 'summary',
    'connections.undecided': 'summary.undecidedBecause',
    'connections.decided': 'summary.decided',
    'connections.leftOut': 'leftOut',
    'connections.wouldDecide.facts': 'missingFacts',
    'connections.wouldDecide.together': 'missingFactsTogether',
  },
  Finding: {
    'file': FILES,
    'line': FILES,
    'column': FILES,
    'object': '.',
    'if': 'conditions',
    'alike': FILES,
    'baseline.count': 'baselineCount',
    'baseline.connections': 'baselineConnections',
    'baseline.newCalls': 'newBrokenCalls',
    'acknowledgement': '.',
    'acknowledgement.file': FILES,
    'acknowledgement.line': FILES,
    'acknowledgement.column': FILES,
  },
  LeftOutConnections: { outcomes: '.', undecided: 'undecidedBecause' },
  MissingFact: { 'told.options': COMMAND, 'told': '.' },
  ToldFacts: { options: COMMAND },
  Connection: {
    'client': 'client',
    'client.kind': 'clientKind',
    'client.object': 'client',
    'client.enters': PLANNED,
    'protocol': PLANNED,
    'branches.if': 'branches.conditions',
    'cases.if': 'cases.conditions',
    'authorization': PLANNED,
    'client.namespace': 'clientNamespace',
    'client.name': 'clientName',
    'requested.host': 'requestedHost',
    'requested.port': 'requestedPort',
    'service.namespace': 'hops.service.namespace',
    'service.name': 'hops.service.name',
    'service.host': 'serviceHost',
    'service.port': 'servicePort',
    'service.subset': 'subset',
    'server.kind': 'serverKind',
    'server.namespace': 'serverNamespace',
    'server.name': 'serverName',
    'server.port': 'serverPort',
    'transport': '.',
  },
  Hop: {
    'destination.host': 'serviceHost',
    'destination.port': 'servicePort',
    'destination.subset': 'subset',
    'destination.service': 'service',
    'protocol': PLANNED,
    'authorization': PLANNED,
    'server.object': 'server',
    'server.port': 'serverPort',
    'transport': '.',
  },
  Reason: { object: '.' },
};

interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** Walks a schema beside a type, and gathers fields that no member has and names that no field has. */
class Walk {
  readonly missing = new Set<string>();
  readonly used = new Set<string>();
  private readonly walked = new Set<string>();

  /** @param prefix the fields of this type that lead here */
  object(schema: Schema, type: string, prefix = '', at = type): void {
    const { properties = {} } = this.resolved(schema);
    for (const [field, below] of Object.entries(properties)) this.field(field, below, type, prefix, at);
  }

  private field(field: string, schema: Schema, type: string, prefix: string, at: string): void {
    const path = prefix + field;
    const names = NAMES[type] ?? {};
    const told = names[path];
    if (told !== undefined) this.used.add(`${type}: ${path}`);
    if (typeof told === 'object') return;
    const hasOwnNames = Object.keys(names).some((name) => name.startsWith(`${path}.`));
    // Its fields are members of the type itself, or have another name by their whole path.
    if (told === '.' || hasOwnNames) return this.object(schema, type, `${path}.`, at);
    const last = told ?? (at === type && prefix !== '' && NAMES[type]?.[prefix.slice(0, -1)] !== '.' ? path : field);
    const found = memberAt(at, last);
    if (found === undefined) {
      this.missing.add(`${type}: ${path}`);
      return;
    }
    const next = typeNamed(found);
    if (next && !this.walked.has(`${next} ${JSON.stringify(schema)}`)) {
      this.walked.add(`${next} ${JSON.stringify(schema)}`);
      this.object(schema, next);
    }
  }

  /** Of a list its items, and of what may be null what else it may be. */
  private resolved(schema: Schema): Schema {
    if (schema.$ref) {
      const [file, name] = schema.$ref.split('#/$defs/');
      return this.resolved(read(file.replace('.schema.json', '')).$defs![name]);
    }
    if (schema.items) return this.resolved(schema.items);
    const { anyOf } = schema;
    return anyOf ? this.resolved(anyOf.find((one) => one.$ref ?? one.items ?? one.properties) ?? {}) : schema;
  }
}

/** The text of the type of a member, some steps from a type; undefined: there is none. */
function memberAt(type: string, path: string): string | undefined {
  const [first, ...rest] = path.split('.');
  const written = membersOf(type).get(first);
  if (written === undefined || rest.length === 0) return written;
  const next = typeNamed(written);
  return next && memberAt(next, rest.join('.'));
}

const READ = new Map<string, Schema>();

/** A schema in which each reference names its file. */
function read(name: string): Schema {
  const known = READ.get(name) ?? JSON.parse(JSON.stringify(schemaOf(name)), (key, value) => (key === '$ref' && value.startsWith('#') ? `${name}.schema.json${value}` : value)) as Schema;
  READ.set(name, known);
  return known;
}

/** The types that return each part of a schema. */
const REPORTS: readonly [schema: string, type: string, partOf: (root: Schema) => Schema][] = [
  ['check', 'MtlsAnalysis', (root) => root],
  ['connections', 'Connection', (root) => root],
  ['connections-2', 'Connection', ({ properties }) => properties!.connections],
];

const walks = REPORTS.map(([name, type, partOf]) => {
  const root = read(name);
  const walk = new Walk();
  walk.object(partOf(root), type);
  return [name, walk] as const;
});

test.each(walks)('each field of %s is a member of a type', (_, { missing }) => {
  expect([...missing]).toEqual([]);
});

test('each name that is listed is that of a field', () => {
  const used = new Set(walks.flatMap(([, walk]) => [...walk.used]));
  const listed = Object.entries(NAMES).flatMap(([type, names]) => Object.keys(names).map((path) => `${type}: ${path}`));
  expect(listed.filter((one) => !used.has(one))).toEqual([]);
});
