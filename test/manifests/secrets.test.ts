import { readManifests } from '../../src/manifests/manifests';
import { mayHoldSecret } from '../../src/manifests/secrets';

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

describe('of a document that may hold a secret', () => {
  test.each([
    ['a field', 'kind: Secret\nstringData:\n  password: hunter22\n'],
    ['an item of a List with a Secret in it', '{"kind": "List", "items": [{"kind": "Secret", "stringData": {"password": "hunter22"}}, {"kind": "A"}]}'],
  ])('the line of %s is not shown', (_, text) => {
    const { documents } = readManifests(text, 'f');
    expect(documents.map((document) => document.positionOf(['stringData', 'password']).text)).toEqual(documents.map(() => undefined));
  });

  test('the parser\'s word is not shown where it quotes the text', () => {
    const [problem] = readManifests('kind: Secret\nstringData:\n  password: *hunter22\n', 'f').problems;
    expect(problem).toMatchObject({ code: 'ADMIT151', actual: 'unidentified alias …', position: { line: 3 } });
    expect(JSON.stringify(problem)).not.toContain('hunter22');
  });

  test('a file that is nothing but a password is not shown in what it is', () => {
    expect(readManifests('hunter22hunter22\n', 'f').problems[0].actual).toBe('a text of 16 characters');
  });
});
