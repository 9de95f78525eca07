import { dump } from 'js-yaml';
import { analyze } from '../../src/analysis/analysis';
import { applied, FieldChange, ObjectChange } from '../../src/findings/finding';
import { readManifests } from '../../src/manifests/manifests';
import { TextEdit } from '../../src/manifests/text-edit';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';
import { recordedMeshes } from '../support/meshes/kept-meshes';
import { casesOf } from '../support/random/cases';
import { RandomMesh, randomMeshes } from '../support/random/random-meshes';

const object = { apiVersion: 'v1', kind: 'A', namespace: 'n', name: 'a' };
const set = (path: (string | number)[], value: unknown): FieldChange => ({ op: 'set', path, value });
const remove = (...path: (string | number)[]): FieldChange => ({ op: 'remove', path });
const documentsIn = (text: string) => readManifests(text, 'a.yaml').documents;
const objectsIn = (text: string) => documentsIn(text).map((document) => document.object);

function edited(text: string, { from, to, text: inserted }: TextEdit): string {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const [start, end] = [from, to].map(({ line, column }) => starts[line - 1] + column - 1);
  return text.slice(0, start) + inserted + text.slice(end);
}

const head = 'apiVersion: v1\nkind: A\nmetadata:\n  name: a\n  namespace: n\nspec:\n';
const after = (spec: string, ...fields: FieldChange[]) => {
  const text = head + spec;
  const edit = documentsIn(text)[0].edit({ object, fields });
  return edit && edited(text, edit).slice(head.length);
};

test.each<[string, string, FieldChange[], string]>([
  ['a scalar, and keeps the comment beside it', '  mode: A # why\n  b: 1\n', [set(['spec', 'mode'], 'STRICT')], '  mode: STRICT # why\n  b: 1\n'],
  ['a new field, after the others', '  a: 1\n\n# end\n', [set(['spec', 'b'], { c: ['x', { d: 1, e: [] }] })],
    '  a: 1\n  b:\n    c:\n      - x\n      - d: 1\n        e: []\n\n# end\n'],
  ['a new field with its missing parents', '  a: 1\n', [set(['spec', 'b', 0, 'c'], 'yes')], '  a: 1\n  b:\n    - c: "yes"\n'],
  ['an item after the others', '  a:\n  - 1\n  # last\n  b: 2\n', [set(['spec', 'a', 1], { c: 1 })], '  a:\n  - 1\n  - c: 1\n  # last\n  b: 2\n'],
  ['an existing item', '  a:\n  - c: 1\n    d: 2\n  - 3\n', [set(['spec', 'a', 0], 'x')], '  a:\n  - x\n  - 3\n'],
  ['a field of an item', '  a:\n  - c: 1\n    d: 2\n', [set(['spec', 'a', 0, 'd'], 3)], '  a:\n  - c: 1\n    d: 3\n'],
  ['the first field of an item', '  a:\n  - c: 1\n    d: 2\n', [set(['spec', 'a', 0, 'c'], 3)], '  a:\n  - c: 3\n    d: 2\n'],
  ['a field in a flow mapping, which becomes a block', '  a: { b: 1, c: 2 }\n  d: 3\n', [set(['spec', 'a', 'b'], 5)], '  a:\n    b: 5\n    c: 2\n  d: 3\n'],
  ['a new field in an empty flow mapping', '  a: {}\n', [set(['spec', 'a', 'b'], 5)], '  a:\n    b: 5\n'],
  ['a mapping in place of a block scalar', '  a: |\n    one\n    two\n  b: 1\n', [set(['spec', 'a'], { c: 1 })], '  a:\n    c: 1\n  b: 1\n'],
  ['a string that contains `#`', '  a: "x # y"\n', [set(['spec', 'a'], 'z')], '  a: z\n'],
])('sets %s', (_, spec, fields, expected) => expect(after(spec, ...fields)).toBe(expected));

test.each<[string, string, FieldChange[], string | undefined]>([
  ['a field with everything nested in it', '  a:\n    b: 1\n\n    c: 2\n\n  # of d\n  d: 1\n', [remove('spec', 'a')], '\n  # of d\n  d: 1\n'],
  ['a list that is indented like its key', '  a:\n  - 1\n  - 2\n  b: 1\n', [remove('spec', 'a')], '  b: 1\n'],
  ['the only field, and leaves an empty mapping', '  a:\n    b: 1\n', [remove('spec', 'a', 'b')], '  a: {}\n'],
  ['an item', '  a:\n    - b: 1\n      c: 2\n    - d: 1\n', [remove('spec', 'a', 0)], '  a:\n    - d: 1\n'],
  ['the only item, and leaves an empty list', '  a:\n    - b: 1\n', [remove('spec', 'a', 0)], '  a: []\n'],
  ['the first field of an item', '  a:\n    - b: 1\n      c: 2\n', [remove('spec', 'a', 0, 'b')], '  a:\n    - c: 2\n'],
  ['a field of a flow mapping', '  a: { b: 1, c: 2 }\n', [remove('spec', 'a', 'b')], '  a:\n    c: 2\n'],
  ['a field, and sets another', '  a: 1\n  b: 2\n  c: 3\n', [remove('spec', 'a'), set(['spec', 'c'], 4)], '  b: 2\n  c: 4\n'],
  ['nothing behind an alias', '  a: &x\n    b: 1\n    c: 2\n  d: *x\n', [remove('spec', 'd', 'b')], undefined],
])('removes %s', (_, spec, fields, expected) => expect(after(spec, ...fields)).toBe(expected));

test('an edit covers only the lines that differ', () => {
  const [document] = documentsIn(`${head}  a: 1\n  b: 2\n  c: 3\n`);
  expect(document.edit({ object, fields: [set(['spec', 'b'], 4)] })).toEqual({ from: { line: 8, column: 1 }, to: { line: 9, column: 1 }, text: '  b: 4\n' });
  expect(document.edit({ object, fields: [remove('spec', 'b')] })).toEqual({ from: { line: 8, column: 1 }, to: { line: 9, column: 1 }, text: '' });
  expect(document.edit({ object, fields: [set(['spec', 'd'], 4)] })).toEqual({ from: { line: 10, column: 1 }, to: { line: 10, column: 1 }, text: '  d: 4\n' });
});

test.each(['\n', '\r\n'])('added lines end like the others, with %j', (eol) => {
  const text = `${head}  a: 1\n  b: 2\n`.replace(/\n/g, eol);
  const edit = documentsIn(text)[0].edit({ object, fields: [set(['spec', 'c'], { d: 1 })] });
  expect(edited(text, edit!)).toBe(`${text}  c:${eol}    d: 1${eol}`);
});

test('the last line may lack a line end', () => {
  expect(after('  a: 1\n  b: 2', set(['spec', 'c'], 3))).toBe('  a: 1\n  b: 2\n  c: 3');
  expect(after('  a: 1\n  b: 2', set(['spec', 'b'], 3))).toBe('  a: 1\n  b: 3');
  expect(after('  a: 1\n  b: 2', remove('spec', 'b'))).toBe('  a: 1');
});

test('deletes an object with its document, and an item of a List with its lines', () => {
  const text = `# first\n${head}  a: 1\n---\n${head}  a: 2\n---\nkind: List\nitems:\n- kind: A\n  metadata: {name: x}\n- kind: B\n  metadata: {name: y}\n`;
  const change: ObjectChange = { object, delete: true };
  const documents = documentsIn(text);
  expect(documents.map((document) => objectsIn(edited(text, document.edit(change)!)).map((one: any) => one.spec?.a ?? one.kind)))
    .toEqual([[2, 'A', 'B'], [1, 'A', 'B'], [1, 2, 'B'], [1, 2, 'A']]);
});

test.each(['', '\n', '\n---'])('adds an object after a text that ends with %j', (end) => {
  const text = `${head}  a: 1${end}`;
  const manifest = { apiVersion: 'v1', kind: 'B', metadata: { name: 'b' }, spec: { list: [{ a: 1, b: { c: [[1]] } }, 'x: y'] } };
  expect(objectsIn(edited(text, documentsIn(text)[0].edit({ object, manifest })!)).slice(1)).toEqual([manifest]);
});

test.each<[string, string, ObjectChange]>([
  ['JSON, to set a field', '{"kind": "A",\n"spec": {"a": 1}}', { object, fields: [set(['spec', 'a'], 2)] }],
  ['JSON, to add an object', '{"kind": "A"}', { object, manifest: {} }],
  ['a Secret, to set a field', 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: YQ==}\n', { object, fields: [set(['spec'], 2)] }],
  ['a Secret, to delete it', 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: YQ==}\n', { object, delete: true }],
  ['a very long text', `${head}  a: 1\n${'# x\n'.repeat(60_000)}`, { object, fields: [set(['spec', 'a'], 2)] }],
  ['a flow mapping', '{kind: A, spec: {a: 1}}\n', { object, fields: [remove('spec')] }],
  ['keys that are quoted or explicit', '"kind": A\n? spec\n: a: 1\n', { object, fields: [set(['spec', 'a'], 2)] }],
])('makes no edit of %s', (_, text, change) => expect(documentsIn(text)[0].edit(change)).toBeUndefined());

/** Tries all changes of some meshes, and gives how many there are, and how many were written. */
function expectWritten(meshes: readonly RandomMesh[]) {
  const all = { tried: 0, edited: 0 };
  for (const [number, { objects }] of meshes.entries()) {
    const plain = JSON.parse(JSON.stringify(objects));
    const text = plain.map((one: any) => dump(one, { noRefs: true, noArrayIndent: number % 2 === 0, flowLevel: number % 3 === 2 ? 3 : -1 })).join('---\n');
    const documents = documentsIn(text);
    const { findings } = analyze(Mesh.of(documents.map((one) => one.object), { parseYaml: readYaml }));
    for (const { change } of findings) {
      if (!change) continue;
      const { kind, name, namespace } = change.object;
      const document = documents.find(({ object: one }: any) => one.kind === kind && one.metadata.name === name && (namespace === '' || one.metadata.namespace === namespace));
      const edit = (document ?? documents[0]).edit(change);
      all.tried++;
      if (!edit) continue;
      all.edited++;
      const changed = applied(change, document?.object);
      const wanted = documents.map((one) => (one === document ? changed : one.object)).filter((one) => one !== undefined);
      expect(objectsIn(edited(text, edit))).toEqual(document ? wanted : [...wanted, changed]);
    }
  }
  return all;
}

test('nearly all changes of recorded meshes can be written into their YAML', () => {
  const { tried, edited: written } = expectWritten(recordedMeshes);
  expect(written).toBeGreaterThan(tried * 0.95);
});

test('edits for changes of random meshes yield the objects that the changes state', () => {
  const { seed, count } = casesOf('texts');
  expectWritten(randomMeshes(seed, count(50)));
});
