import { mayShowKey } from '../../src/findings/safe-text';
import { readManifests } from '../../src/manifests/manifests';
import { mayHoldSecret } from '../../src/manifests/secrets';
import { newCa } from '../support/certificates/cacerts';
import { privateHalf } from '../support/certificates/leaks';

test.each([
  ['a Secret', 'kind: Secret\n'],
  ['a Secret in JSON', '{"kind" : "Secret"}'],
  ['a Secret whose kind is in lower case', 'Kind: "secret"\n'],
  ['a list of Secrets', 'kind: SecretList\n'],
  ['a field stringData', 'stringData:\n  a: b\n'],
  ['an object with data and without a kind', 'metadata: {}\ndata: {a: b}\n'],
  ['a private key as PEM', 'kind: ConfigMap\ndata:\n  a: |\n    -----BEGIN EC PRIVATE KEY-----\n'],
  ['a private key as PEM in base64', `a: ${Buffer.from('-----BEGIN PRIVATE KEY-----').toString('base64')}`],
])('may hold a secret: %s', (_, text) => {
  expect(mayHoldSecret(text)).toBe(true);
});

test.each([
  ['a ConfigMap without a key', 'kind: ConfigMap\ndata: {mesh: x}\n'],
  ['another kind', 'kind: PeerAuthentication\n'],
  ['a volume called data', 'volumes: [{name: data}]\n'],
  ['a kind that begins with Secret', 'kind: SecretStore\n'],
])('holds no secret: %s', (_, text) => {
  expect(mayHoldSecret(text)).toBe(false);
});

test.each([
  ['a line of PEM', 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBt9VcgsAUzdxv5Zn', true],
  ['a line of PEM in JSON', '{"a":"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBt9VcgsAUzdxv5Zn"}', true],
  ['a digest in hexadecimal', 'image: proxy@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', false],
  ['a long host name', 'host: a-service-with-a-rather-long-name.a-namespace-with-a-long-name.svc.cluster.local', false],
  ['a line of ten million characters', `a: ${'Aa'.repeat(5_000_000)}`, false],
  ['a long word', 'hostsOfServicesInTheirNamespacesWithTheirPorts: x', false],
])('mayShowKey tells lines of keys from others: %s', (_, line, expected) => {
  expect(mayShowKey(line)).toBe(expected);
});

describe('messages about a document that may hold a secret', () => {
  test.each([
    ['a field of a Secret', 'kind: Secret\nstringData:\n  password: hunter22\n'],
    ['an item of a List with a Secret in it', '{"kind": "List", "items": [{"kind": "Secret", "stringData": {"password": "hunter22"}}, {"kind": "A"}]}'],
  ])('omit the line of %s', (_, text) => {
    const { documents } = readManifests(text, 'f');
    expect(documents.map((document) => document.positionOf(['stringData', 'password']).text)).toEqual(documents.map(() => undefined));
  });

  test.each(['"', "'"])('omit the line of a key that a quote %s splits', (quote) => {
    const { problems } = readManifests(`kind: A\nx: ${quote}MIGHAgEAMBMGByqGSM49AgEG${quote}CCqGSM49AwEHBG0wawIBAQQgBt9V\n`, 'f');
    expect(problems.map(({ position }) => position.text)).toEqual([undefined]);
  });

  test.each([
    ['kind with a tag', 'kind: !!str Secret\nstring: &p hunter22\n'],
    ['kind with an escape', '"kind": "\\u0053ecret"\nx: hunter22\n'],
    ['kind behind an alias', 'metadata: {name: &k Secret}\nkind: *k\nx: hunter22\n'],
    ['kind in a folded scalar', 'kind: >-\n  Secret\nx: hunter22\n'],
    ['an item of a List', 'kind: List\nitems:\n- {kind: A}\n- "kind": "S\\x65cret"\n  x: hunter22\n'],
    ['only stringData, with an escape in the key', 'kind: A\n"string\\x44ata": {x: hunter22}\n'],
    ['no kind, beside a ConfigMap in a List', 'kind: List\nitems:\n- {kind: ConfigMap, data: {a: b}}\n- {d: &d {}, "dat\\x61": {x: hunter22}}\n'],
    ['a private key in an escaped string', 'kind: A\na: "\\x2d----BEGIN PRIVATE KEY-----"\nx: hunter22\n'],
    ['a syntax error', 'kind: !!str Secret\nx: hunter22: a\n'],
    ['kind with an escape, and a syntax error', '"kind": "\\u0053ecret"\nx: hunter22: a\n'],
  ])('omit the lines of a Secret with %s', (_, text) => {
    const { documents, problems } = readManifests(text, 'f');
    const positions = [...documents.map((document) => document.positionOf(['x'])), ...problems.map(({ position }) => position)];
    expect(positions.length).toBeGreaterThan(0);
    expect(positions.map((position) => position.text)).toEqual(positions.map(() => undefined));
  });

  test('don\'t repeat an alias\'s name', () => {
    const [problem] = readManifests('kind: Secret\nstringData:\n  password: *hunter22\n', 'f').problems;
    expect(problem).toMatchObject({ code: 'ADMIT151', actual: 'an alias without a preceding anchor of that name', position: { line: 3 } });
    expect(JSON.stringify(problem)).not.toContain('hunter22');
  });

  test('don\'t repeat a tag', () => {
    const [problem] = readManifests('kind: Secret\nstringData:\n  password: !%ZZhunter22 x\n', 'f').problems;
    expect(problem.actual).toBe('a tag with an escape');
  });

  test('omit a part of a key without its first line', () => {
    const key = privateHalf(newCa().props.caKey).slice(0, 40);
    const [problem] = readManifests(`kind: A\nspec: {x: ${key}}: b\n`, 'f').problems;
    expect(problem.position).toEqual({ line: 2, column: expect.any(Number) });
  });

  test('omit a key that is split into short lines', () => {
    const key = privateHalf(newCa().props.caKey);
    const [problem] = readManifests(`kind: A\n"${key.slice(0, 24)}\r\n${key.slice(24)}":\n  x: y\n`, 'f').problems;
    expect([problem.position.line, problem.position.text]).toEqual([2, undefined]);
  });

  test('don\'t quote a file that is only a password', () => {
    expect(readManifests('hunter22hunter22\n', 'f').problems[0].actual).toBe('a string of 16 characters');
  });
});
