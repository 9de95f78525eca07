import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const imported = (name: string) => JSON.parse(read(`imports/${name}.json`));
const page = read('docs/fields.md');
const reasons = new Set([...read('docs/analysis.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, reason]) => reason));

interface Row { readonly fields: readonly string[]; readonly verdict: string; readonly why: string }

/** Expands `spec{,.subsets}.host` to `spec.host` and `spec.subsets.host`. */
function expanded(text: string): readonly string[] {
  const braces = /\{([^{}]*)\}/.exec(text);
  if (!braces) return [text];
  const [before, after] = [text.slice(0, braces.index), text.slice(braces.index + braces[0].length)];
  return braces[1].split(',').flatMap((one) => expanded(`${before}${one}${after}`));
}

const sections = new Map(page.split(/^## /m).slice(1).map((section): [string, readonly Row[]] => {
  const rows = [...section.matchAll(/^\| `(.+?)` \| (\S+) \| ?(.*?) ?\|$/gm)];
  return [section.split('\n')[0], rows.map(([, fields, verdict, why]) => ({ fields: expanded(fields), verdict, why }))];
}));

/** The fields of a schema that hold no others; the items of a list and the values of a mapping have their own names left out. */
function leaves(schema: any, path: string): readonly string[] {
  const within = schema.items ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
  if (within) return leaves(within, path);
  if (!schema.properties) return [path];
  return Object.entries(schema.properties).flatMap(([name, field]) => leaves(field, path === '' ? name : `${path}.${name}`));
}

function leavesOfMessage(name: string, path = ''): readonly string[] {
  return Object.entries<any>(imported('mesh-config').messages[name].fields).flatMap(([field, { type, of }]) => {
    const here = path === '' ? field : `${path}.${field}`;
    return type === 'message' ? [...leavesOfMessage(of, here), ...Object.keys(imported('mesh-config').messages[of].fields).length === 0 ? [here] : []] : [here];
  });
}

const { kubernetes, gatewayApi } = imported('field-names');

const SCHEMAS: [string, readonly string[]][] = [
  ...imported('schemas').kinds.map(({ kind, schema }: any): [string, readonly string[]] => [kind, leaves(schema.properties.spec, 'spec')]),
  ['Mesh config', leavesOfMessage(imported('mesh-config').root)],
  ...(['Annotations', 'Labels'] as const).map((title): [string, readonly string[]] => [title, imported('istio-metadata')[title.toLowerCase()].map(({ name }: any) => name)]),
  ...Object.entries<readonly string[]>(kubernetes.kinds),
  ['Gateway API', gatewayApi.kinds],
];

const covers = (row: string, field: string) => field === row || field.startsWith(`${row}.`);

describe.each(SCHEMAS)('the table of %s', (title, fields) => {
  const rows = (sections.get(title) ?? []).flatMap((row) => row.fields);

  test('has exactly one row for each field', () => {
    const counted = fields.map((field) => ({ field, rows: rows.filter((row) => covers(row, field)) }));
    expect(counted.filter((one) => one.rows.length !== 1)).toEqual([]);
  });

  test('has rows only for existing fields', () => {
    expect(rows.filter((row) => !fields.some((field) => covers(row, field)))).toEqual([]);
  });
});

test('has a valid verdict in each row, and names existing reasons', () => {
  const faulty = [...sections].flatMap(([title, rows]) => rows.filter(({ verdict, why }) => {
    if (verdict === 'modelled' || verdict === 'irrelevant') return false;
    return verdict !== 'undecided' || ![...why.matchAll(/`([a-z-]+)`/g)].some(([, reason]) => reasons.has(reason));
  }).map(({ fields }) => `${title}: ${fields[0]}`));
  expect(faulty).toEqual([]);
});

test('the sources read each modelled field by name', () => {
  const source = ['mesh', 'analysis'].flatMap((folder) => readdirSync(join(ROOT, 'src', folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts')).map((file) => read(`src/${folder}/${file}`))).join('\n');
  const modelled = SCHEMAS.flatMap(([title]) => sections.get(title)!.filter(({ verdict }) => verdict === 'modelled').flatMap(({ fields }) => fields));
  const unread = modelled.filter((field) => !new RegExp(`\\b${field.split(/[./]/).at(-1)}\\b`).test(source));
  expect(unread).toEqual([]);
});

test('detects a field in braces without a row', () => {
  expect(expanded('a{,.b}.{c,d}')).toEqual(['a.c', 'a.d', 'a.b.c', 'a.b.d']);
  expect([covers('spec.host', 'spec.hosts'), covers('spec.host', 'spec.host.x'), covers('spec', 'spec')]).toEqual([false, true, true]);
});
