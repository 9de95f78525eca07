import { mayShowKey } from '../../src/findings/safe-text';
import { readManifests } from '../../src/manifests/manifests';
import { mayHoldSecret } from '../../src/manifests/secrets';
import { newCa } from '../support/certificates/cacerts';
import { privateHalf } from '../support/certificates/leaks';

test.each([
  ['a Secret', 'kind: Secret\n'],
  ['a Secret in JSON', '{"kind" : "Secret"}'],
  ['a Secret of another case', 'Kind: "secret"\n'],
  ['a list of Secrets', 'kind: SecretList\n'],
  ['stringData', 'stringData:\n  a: b\n'],
  ['half a Secret', 'metadata: {}\ndata: {a: b}\n'],
  ['PEM', 'kind: ConfigMap\ndata:\n  a: |\n    -----BEGIN EC PRIVATE KEY-----\n'],
  ['PEM in base64', `a: ${Buffer.from('-----BEGIN PRIVATE KEY-----').toString('base64')}`],
])('%s may hold a secret', (_, text) => {
  expect(mayHoldSecret(text)).toBe(true);
});

test.each(['kind: ConfigMap\ndata: {mesh: x}\n', 'kind: PeerAuthentication\n', 'volumes: [{name: data}]\n', 'kind: SecretStore\n'])('%j holds none', (text) => {
  expect(mayHoldSecret(text)).toBe(false);
});

test.each([
  ['a line of PEM', 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBt9VcgsAUzdxv5Zn', true],
  ['one in JSON', '{"a":"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBt9VcgsAUzdxv5Zn"}', true],
  ['a digest in hexadecimal', 'image: proxy@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', false],
  ['a long host', 'host: a-service-with-a-rather-long-name.a-namespace-with-a-long-name.svc.cluster.local', false],
  ['a line of ten million characters', `a: ${'Aa'.repeat(5_000_000)}`, false],
  ['a long word', 'hostsOfServicesInTheirNamespacesWithTheirPorts: x', false],
])('%s', (_, line, expected) => {
  expect(mayShowKey(line)).toBe(expected);
});

describe('of a document that may hold a secret', () => {
  test.each([
    ['a field', 'kind: Secret\nstringData:\n  password: hunter22\n'],
    ['an item of a List with a Secret in it', '{"kind": "List", "items": [{"kind": "Secret", "stringData": {"password": "hunter22"}}, {"kind": "A"}]}'],
  ])('the line of %s is not shown', (_, text) => {
    const { documents } = readManifests(text, 'f');
    expect(documents.map((document) => document.positionOf(['stringData', 'password']).text)).toEqual(documents.map(() => undefined));
  });

  test.each(['"', "'"])('shows no line of a key that a quote %s splits', (quote) => {
    const { problems } = readManifests(`kind: A\nx: ${quote}MIGHAgEAMBMGByqGSM49AgEG${quote}CCqGSM49AwEHBG0wawIBAQQgBt9V\n`, 'f');
    expect(problems.map(({ position }) => position.text)).toEqual([undefined]);
  });

  test.each([
    ['with a tag', 'kind: !!str Secret\nstring: &p hunter22\n'],
    ['with an escape', '"kind": "\\u0053ecret"\nx: hunter22\n'],
    ['by an alias', 'metadata: {name: &k Secret}\nkind: *k\nx: hunter22\n'],
    ['in lines', 'kind: >-\n  Secret\nx: hunter22\n'],
    ['in a List', 'kind: List\nitems:\n- {kind: A}\n- "kind": "S\\x65cret"\n  x: hunter22\n'],
    ['by a field with an escape', 'kind: A\n"string\\x44ata": {x: hunter22}\n'],
    ['by half a Secret beside a ConfigMap', 'kind: List\nitems:\n- {kind: ConfigMap, data: {a: b}}\n- {d: &d {}, "dat\\x61": {x: hunter22}}\n'],
    ['by a key within', 'kind: A\na: "\\x2d----BEGIN PRIVATE KEY-----"\nx: hunter22\n'],
    ['that can\'t be read', 'kind: !!str Secret\nx: hunter22: a\n'],
    ['that can\'t be read, with an escape', '"kind": "\\u0053ecret"\nx: hunter22: a\n'],
  ])('shows no line of a Secret %s', (_, text) => {
    const { documents, problems } = readManifests(text, 'f');
    const positions = [...documents.map((document) => document.positionOf(['x'])), ...problems.map(({ position }) => position)];
    expect(positions.length).toBeGreaterThan(0);
    expect(positions.map((position) => position.text)).toEqual(positions.map(() => undefined));
  });

  test('a message about an alias doesn\'t repeat its name', () => {
    const [problem] = readManifests('kind: Secret\nstringData:\n  password: *hunter22\n', 'f').problems;
    expect(problem).toMatchObject({ code: 'ADMIT151', actual: 'an alias without a preceding anchor of that name', position: { line: 3 } });
    expect(JSON.stringify(problem)).not.toContain('hunter22');
  });

  test('a tag is not repeated', () => {
    const [problem] = readManifests('kind: Secret\nstringData:\n  password: !%ZZhunter22 x\n', 'f').problems;
    expect(problem.actual).toBe('a tag with an escape');
  });

  test('doesn\'t show a key without its first line, at any place', () => {
    const key = privateHalf(newCa().props.caKey).slice(0, 40);
    const [problem] = readManifests(`kind: A\nspec: {x: ${key}}: b\n`, 'f').problems;
    expect(problem.position).toEqual({ line: 2, column: expect.any(Number) });
  });

  test('a key in lines that are too short for one is not shown, not even its first line', () => {
    const key = privateHalf(newCa().props.caKey);
    const [problem] = readManifests(`kind: A\n"${key.slice(0, 24)}\r\n${key.slice(24)}":\n  x: y\n`, 'f').problems;
    expect([problem.position.line, problem.position.text]).toEqual([2, undefined]);
  });

  test('a file that is nothing but a password is not shown in what it is', () => {
    expect(readManifests('hunter22hunter22\n', 'f').problems[0].actual).toBe('a string of 16 characters');
  });
});
