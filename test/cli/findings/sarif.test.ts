// Fixes in SARIF, applied to the files: the findings must disappear.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { BROKEN, SOUND } from '../meshes';

afterAll(removeFolders);

const SCHEMA = new Validator(JSON.parse(readFileSync(join(__dirname, '..', '..', 'schemas', 'sarif-2.1.0.json'), 'utf8')), '4');

/** The SARIF results of check in a folder. */
async function resultsOf(folder: string, ...options: string[]): Promise<any[]> {
  const { out } = await command(['check', '.', '-o', 'sarif', ...options], { cwd: folder });
  const report = JSON.parse(out);
  expect(SCHEMA.validate(report).errors).toEqual([]);
  return report.runs[0].results;
}

function apply(folder: string, { artifactChanges: [{ artifactLocation: { uri }, replacements: [{ deletedRegion, insertedContent }] }] }: any): void {
  const file = join(folder, uri);
  const lines = readFileSync(file, 'utf8').split('\n');
  const before = [...lines.slice(0, deletedRegion.startLine - 1), lines[deletedRegion.startLine - 1].slice(0, deletedRegion.startColumn - 1)].join('\n');
  const after = [lines[deletedRegion.endLine - 1].slice(deletedRegion.endColumn - 1), ...lines.slice(deletedRegion.endLine)].join('\n');
  writeFileSync(file, before + (insertedContent?.text ?? '') + after);
}

const [SERVERS, RULE] = [BROKEN.slice(0, BROKEN.lastIndexOf('---\n')), BROKEN.slice(BROKEN.lastIndexOf('---\n') + 4)];

const UNSET = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: idle
  namespace: shop
spec:
  selector:
    matchLabels:
      app: ratings
  mtls:
    mode: UNSET
`;

test.each<[string, string, string, RegExp]>([
  ['a field is removed', BROKEN, 'MTLS101', /^remove spec.trafficPolicy$/],
  ['an object is deleted', `${SERVERS}---\n${UNSET}`, 'MTLS207', /^delete PeerAuthentication shop\/idle$/],
])('the fix edits the file that has the object: %s', async (_, text, code, description) => {
  const folder = folderWith({ 'a.yaml': SOUND.replaceAll('shop', 'other'), 'b.yaml': text });
  const result = (await resultsOf(folder)).find(({ ruleId }) => ruleId === code);
  expect(result.fixes).toEqual([{
    description: { text: expect.stringMatching(description) },
    artifactChanges: [{ artifactLocation: { uri: 'b.yaml' }, replacements: [expect.anything()] }],
  }]);
  apply(folder, result.fixes[0]);
  expect((await resultsOf(folder)).map(({ ruleId }) => ruleId)).toEqual([]);
});

const fixesIn = async (files: Record<string, string>, ...options: string[]) =>
  (await resultsOf(folderWith({ 'a.yaml': SERVERS, ...files }), ...options)).filter(({ ruleId }) => ruleId === 'MTLS101').map(({ fixes }) => fixes?.length);
const BRACES = '{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: ratings, namespace: shop}, spec: {host: ratings, trafficPolicy: {tls: {mode: DISABLE}}}}';
const POOL = RULE.replace('name: ratings', 'name: second').replace(/    tls:[^]*/, '    connectionPool:\n      tcp:\n        maxConnections: 9\n');
const KEY = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7';

test.each<[string, Record<string, string>, string[], (number | undefined)[]]>([
  ['a file', { 'b.yaml': RULE }, [], [1]],
  ['none of two manifests of an object', { 'b.yaml': RULE, 'c.yaml': RULE }, [], [undefined]],
  ['none of facts', { 'b.yaml': RULE }, ['--with', 'b.yaml'], []],
  ['no document in braces', { 'b.yaml': BRACES }, [], [undefined]],
  ['a line with a comment that stays', { 'b.yaml': RULE.replace('mode: DISABLE', 'mode: DISABLE # why'), 'c.yaml': POOL }, [], [1]],
  ['no line that may contain a key', { 'b.yaml': RULE.replace('mode: DISABLE', `mode: DISABLE # ${KEY}`), 'c.yaml': POOL }, [], [undefined]],
])('fixes of %s', async (_, files, options, expected) => expect(await fixesIn(files, ...options)).toEqual(expected));
