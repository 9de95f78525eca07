import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Validator } from '@cfworker/json-schema';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { BAD, UNREADABLE } from '../manifests';
import { BROKEN, PART, SOUND, WARNED } from '../meshes';

afterAll(removeFolders);

const CHECK_SCHEMA = validatorOf('check');
const SARIF_SCHEMA = JSON.parse(readFileSync(join(__dirname, '..', '..', 'schemas', 'sarif-2.1.0.json'), 'utf8'));

/** A mesh with everything that a report can hold: refused, error, warning, acknowledged, unreadable. */
const EVERYTHING = [BROKEN, WARNED, BAD, UNREADABLE].join('---\n');
const ACKNOWLEDGED = ['--acknowledge', 'MTLS201 PeerAuthentication other/two: goes in March'];

const check = (input: string, ...options: string[]) => command(['check', '-', ...options], { input });

/** The output of `check -o json`, validated against its schema. */
async function reported(input: string, ...options: string[]) {
  const { exitCode, out, error } = await check(input, '-o', 'json', ...options);
  expect(error).toBe('');
  const report = JSON.parse(out);
  expect(CHECK_SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
  return { exitCode, report, codes: report.findings.map(({ code }: any) => code) };
}

test.each<[string, string, string[], number]>([
  ['no findings', SOUND, [], 0],
  ['an error', BROKEN, [], 1],
  ['an error with --fail-on never', BROKEN, ['--fail-on', 'never'], 0],
  ['a warning', WARNED, [], 0],
  ['a warning with --fail-on warning', WARNED, ['--fail-on', 'warning'], 1],
  ['a warning with --fail-on info', WARNED, ['--fail-on', 'info'], 1],
  ['a rejected object', BAD, [], 1],
  ['an acknowledged error', BROKEN, ['--acknowledge', 'MTLS101: legacy'], 0],
  ['a useless acknowledgement with --fail-on warning', SOUND, ['--acknowledge', 'MTLS101: legacy', '--fail-on', 'warning'], 1],
  ['unreadable input with --fail-on never', `${BROKEN}---\n${UNREADABLE}`, ['--fail-on', 'never'], 2],
  ['an error with --warn-only', BROKEN, ['--warn-only'], 0],
  ['an error with --warn-only and --fail-on', BROKEN, ['--fail-on', 'info,undecided,skipped', '--warn-only'], 0],
  ['unreadable input with --warn-only', `${BROKEN}---\n${UNREADABLE}`, ['--warn-only'], 2],
])('the exit code for %s', async (_, input, options, expected) => {
  expect((await reported(input, ...options)).exitCode).toBe(expected);
});

test('a finding has object, position, field and number of connections', async () => {
  const folder = folderWith({ 'a.yaml': SOUND.replaceAll('shop', 'other'), 'b.yaml': BROKEN });
  const { out } = await command(['check', folder, '-o', 'json']);
  const { findings, connections, summary } = JSON.parse(out);
  expect(findings).toEqual([{
    severity: 'error',
    code: 'MTLS101',
    file: join(folder, 'b.yaml'),
    line: 65,
    column: 7,
    object: { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', namespace: 'shop', name: 'ratings' },
    field: 'spec.trafficPolicy.tls.mode',
    path: ['spec', 'trafficPolicy', 'tls', 'mode'],
    actual: 'DISABLE',
    expected: 'ISTIO_MUTUAL, or no tls',
    because: expect.stringContaining('calls from Deployment shop/web and 2 other workloads to ratings.shop.svc.cluster.local:9080'),
    fix: expect.any(String),
    change: {
      object: { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', namespace: 'shop', name: 'ratings' },
      fields: [{ op: 'remove', path: ['spec', 'trafficPolicy'] }],
    },
    connections: 3,
  }]);
  expect(connections.outcomes).toMatchObject({ broken: 3, plaintext: 0 });
  expect(summary).toEqual({
    files: 2, objects: 12, refused: 0, errors: 1, warnings: 0, unreadable: 0, skipped: 0, facts: 0, infos: 0, acknowledged: 0,
  });
});

describe('--acknowledge', () => {
  test('covers one object, or several by wildcard', async () => {
    const { report, codes } = await reported(BROKEN, '--acknowledge', 'MTLS101 DestinationRule shop/ratings: legacy: goes in March');
    expect(codes).toEqual([]);
    expect(report.acknowledged.map(({ code, acknowledgement }: any) => [code, acknowledgement])).toEqual([
      ['MTLS101', { reason: 'legacy: goes in March', by: 'run' }],
    ]);
    expect((await reported(BROKEN, '--acknowledge', 'MTLS101 * */ratings: legacy')).codes).toEqual([]);
    expect((await reported(BROKEN, '--acknowledge', 'MTLS101 DestinationRule shop/other: legacy')).codes).toEqual(['MTLS101', 'MTLS901']);
  });

  test('without a match is reported without a file', async () => {
    const { report } = await reported(SOUND, '--acknowledge', 'MTLS101 DestinationRule shop/ratings: legacy');
    expect(report.findings).toEqual([expect.objectContaining({ code: 'MTLS901', object: { kind: 'Acknowledgement', name: 'MTLS101 DestinationRule shop/ratings' }, field: 'acknowledgements[0]' })]);
    expect(report.findings[0]).not.toHaveProperty('file');
  });

  test('with an invalid code is reported with a fix', async () => {
    const { out } = await check(BROKEN, '--all', ...['MTLS999', 'ADMIT201', 'mtls101', 'MTLS901'].flatMap((code) => ['--acknowledge', `${code}: legacy`]));
    expect(out).toContain([
      '▸ Acknowledgement MTLS999',
      '  ⚠ warning  MTLS901',
      '    found:    acknowledgements[0] is an acknowledgement of MTLS999',
      '    expected: the code of a finding',
      '    because:  no rule has this code',
      '    fix:      correct the code, or delete it',
    ].join('\n'));
    expect([...out.matchAll(/acknowledgements\[\d] is .* of (.*)\n.*\n.*\n +fix: +(.*)/g)].map(([, code, fix]) => [code, fix])).toEqual([
      ['MTLS999', 'correct the code, or delete it'],
      ['ADMIT201', 'fix the object and delete the acknowledgement'],
      ['mtls101', 'write MTLS101'],
      ['MTLS901', 'delete it and the useless one'],
    ]);
  });

  test('names cluster-scoped objects without a namespace', async () => {
    const { report } = await reported(BROKEN, '--acknowledge', 'MTLS101 Namespace shop: legacy');
    expect(report.findings.map(({ code, actual }: any) => [code, actual])).toContainEqual(['MTLS901', 'an acknowledgement of MTLS101 Namespace shop']);
    expect((await reported(BROKEN, '--acknowledge', 'MTLS101 DestinationRule ratings: legacy')).codes).toEqual([]);
  });

  test('without a reason is an error', async () => {
    const { exitCode, error } = await check(BROKEN, '--acknowledge', 'MTLS101');
    expect([exitCode, error]).toEqual([2, expect.stringContaining('"CODE: reason"')]);
  });
});

test('an annotation acknowledges findings of its object', async () => {
  const annotated = BROKEN.replace(/(kind: DestinationRule\nmetadata:\n)/, '$1  annotations:\n    acknowledge.istio-mtls/MTLS101: legacy\n');
  const { report, exitCode } = await reported(annotated);
  expect([exitCode, report.findings, report.acknowledged.map(({ acknowledgement }: any) => acknowledgement)]).toEqual([0, [], [{ reason: 'legacy', by: 'annotation' }]]);
});

test('leaves a rejected object out of the mesh', async () => {
  // In the mesh it would win by name, and make the namespace PERMISSIVE.
  const refused = BAD.replace('name: bad', 'name: aaa');
  const { report, codes } = await reported(`${BROKEN}---\n${refused}`);
  expect([codes, report.connections.outcomes.broken]).toEqual([['MTLS101', 'ADMIT201'], 1]);
});

test('--injected-namespace decides calls of a namespace that is missing in the manifests', async () => {
  const partial = BROKEN.slice(BROKEN.indexOf('---\n') + 4);
  const outcomes = async (...options: string[]) => (await reported(partial, ...options)).report.connections.outcomes;
  expect(await outcomes()).toMatchObject({ undecided: 1, broken: 0 });
  expect(await outcomes('--injected-namespace', 'shop')).toMatchObject({ undecided: 0, broken: 1 });
});

test('--partial-namespace leaves calls to unknown services of the namespace undecided', async () => {
  const found = async (...options: string[]) => {
    const { exitCode, report: { connections: { outcomes } }, codes } = await reported(PART, ...options);
    return [exitCode, codes, outcomes.broken, outcomes.undecided];
  };
  expect(await found()).toEqual([1, ['MTLS114'], 2, 0]);
  expect(await found('--partial-namespace', 'other')).toEqual([1, ['MTLS114'], 2, 0]);
  expect(await found('--partial-namespace', 'other', '--partial-namespace', 'shop')).toEqual([0, [], 0, 2]);
  expect(await check(PART, '--partial-namespace', 'Shop')).toMatchObject({ exitCode: 2, error: expect.stringContaining('\'Shop\' is invalid') });
});

test('a revision that isn\'t installed leaves the sidecars of its namespaces unknown', async () => {
  const canary = BROKEN.replace('istio-injection: enabled', 'istio.io/rev: canary');
  const outcomes = async (...options: string[]) => (await reported(canary, ...options)).report.connections.outcomes;
  expect(await outcomes()).toMatchObject({ broken: 1 });
  expect(await outcomes('--installed-revision', 'stable')).toMatchObject({ undecided: 1 });
  expect(await outcomes('--installed-revision', 'stable', '--installed-revision', 'canary')).toMatchObject({ broken: 1 });
  expect(await check(canary, '--installed-revision', '')).toMatchObject({ exitCode: 2, error: expect.stringContaining('The name of a revision isn\'t empty.') });
});

test('the order of documents changes only the order of findings', async () => {
  const parts = EVERYTHING.split('---\n').slice(0, -1);
  const sorted = async (documents: string[]) => {
    const { report } = await reported(documents.join('---\n'));
    return [report.connections, report.summary, report.findings.map(({ line, column, ...finding }: any) => JSON.stringify(finding)).sort()];
  };
  expect(await sorted([...parts].reverse())).toEqual(await sorted(parts));
});

test('the text shows connections, then findings by object, then the summary', async () => {
  const { out } = await check(EVERYTHING, ...ACKNOWLEDGED);
  expect(out).toMatchSnapshot();
});

test('the text says if there are no connections and no findings', async () => {
  expect((await check(WARNED.split('---\n')[0])).out).toBe('No connections: the manifests contain no workload with a service to call.\n\n1 object in 1 file: no errors.\n');
});

test('an unreadable path never passes', async () => {
  expect((await command(['check', 'no-such-folder'])).out).toMatch(/^✖ could not read {2}no-such-folder {2}ADMIT161\n[^]*\n0 objects in 0 files: 1 could not be read\.\n$/);
  expect((await command(['validate', 'no-such-folder'])).out).toMatch(/\n0 objects in 0 files: 1 could not be read\.\n$/);
});

test('a long text ends with a table of codes, the most severe first, then the most frequent', async () => {
  const broken = ['one', 'two', 'three'].map((name) => BROKEN.replaceAll('shop', name));
  const warned = ['four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].map((name) => WARNED.replaceAll('other', name));
  const { out } = await check([...warned, ...broken, BAD].join('---\n'));
  expect(out.slice(out.indexOf('In short'))).toBe([
    'In short',
    '  1  ✖ refused  ADMIT201  an unknown field',
    '  3  ✖ error    MTLS101  A DestinationRule sends plaintext to a STRICT server',
    '  7  ⚠ warning  MTLS201  A second namespace-wide or mesh-wide PeerAuthentication is ignored',
    '',
    '33 objects in 1 file: 1 refused, 3 errors, 7 warnings.',
    'See istio-mtls rules MTLS101.',
    '',
  ].join('\n'));
  expect((await check(BROKEN)).out).not.toContain('In short');
});

test('the table of codes counts each severity of a code separately', async () => {
  const service = (port: number, namespace = '') => `apiVersion: v1\nkind: Service\nmetadata: {name: twice${namespace}}\nspec: {ports: [{port: ${port}}]}\n`;
  const nowhere = Array.from({ length: 11 }, (_, index) => service(index + 1));
  const { out } = await check([service(1, ', namespace: shop'), service(2, ', namespace: shop'), ...nowhere].join('---\n'));
  expect(out).toContain([
    'In short',
    '   1  ⚠ warning  MTLS601  Two different manifests describe the same object',
    '  10  ℹ info     MTLS601  Two different manifests describe the same object',
  ].join('\n'));
  expect(out).toContain('no errors, 1 warning, 10 to know');
});

describe('SARIF', () => {
  test('is valid by the SARIF 2.1.0 schema', async () => {
    for (const input of [EVERYTHING, SOUND]) {
      const { out } = await check(input, '-o', 'sarif', ...ACKNOWLEDGED);
      expect(new Validator(SARIF_SCHEMA, '4').validate(JSON.parse(out))).toEqual({ valid: true, errors: [] });
    }
    expect(new Validator(SARIF_SCHEMA, '4').validate({ version: '2.1.0', runs: [{}] }).valid).toBe(false);
  });

  test('has rules, levels, positions and acknowledgements', async () => {
    const { out } = await check(EVERYTHING, '-o', 'sarif', ...ACKNOWLEDGED);
    const [{ tool: { driver }, results, invocations }] = JSON.parse(out).runs;
    expect(driver).toMatchObject({ name: 'istio-mtls', semanticVersion: '1.2.3' });
    expect(driver.rules.map(({ id, name }: any) => [id, name])).toEqual([
      ['ADMIT201', undefined], ['MTLS101', 'plaintext-rule-strict-server'], ['MTLS201', 'second-namespace-policy'],
    ]);
    expect(results.map(({ ruleId, level, suppressions }: any) => [ruleId, level, suppressions])).toEqual([
      ['MTLS101', 'error', undefined], ['ADMIT201', 'error', undefined], ['MTLS201', 'warning', [{ kind: 'external', justification: 'goes in March' }]],
    ]);
    expect(results[0].locations[0].physicalLocation).toEqual({ artifactLocation: { uri: '%3Cstdin%3E' }, region: { startLine: 65, startColumn: 7 } });
    expect(invocations[0]).toMatchObject({ executionSuccessful: false, toolExecutionNotifications: [{ descriptor: { id: 'ADMIT151' } }] });
  });

  test('turns absolute paths into file URIs, and keeps relative paths', async () => {
    const folder = folderWith({ 'a b.yaml': BROKEN });
    const uri = async (path: string) => JSON.parse((await command(['check', path, '-o', 'sarif'])).out).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri;
    expect(await uri(folder)).toMatch(/^file:\/\/\/.*\/a%20b\.yaml$/);
    const here = relative('.', folder);
    expect(await uri(here)).toBe(`${here}/a%20b.yaml`);
  });

  test.each(['a#b', 'a?b', 'a:b', 'a%41b', 'ä', 'a\\b'])('has a URI for a file named %s', async (name) => {
    const folder = folderWith({ [`${name}.yaml`]: BROKEN });
    const { out } = await command(['check', relative('.', folder), '-o', 'sarif']);
    const { uri } = JSON.parse(out).runs[0].results[0].locations[0].physicalLocation.artifactLocation;
    const url = new URL(uri, `${pathToFileURL(process.cwd())}/`);
    expect([url.hash, url.search, fileURLToPath(url)]).toEqual(['', '', join(folder, `${name}.yaml`)]);
  });

  test('includes the page of each reported MTLS rule', async () => {
    const { out } = await check(EVERYTHING, '-o', 'sarif');
    const rules = new Map(JSON.parse(out).runs[0].tool.driver.rules.map((rule: any) => [rule.id, rule]));
    expect(rules.get('MTLS101')).toMatchObject({ help: { markdown: expect.stringMatching(/^# MTLS101: /) } });
    expect(rules.get('ADMIT201')).toMatchObject({ shortDescription: { text: 'an unknown field' } });
  });
});

test('JUnit has a test case for each object, which fails by --fail-on', async () => {
  const { out } = await check(EVERYTHING, '-o', 'junit', ...ACKNOWLEDGED);
  expect(out).toMatchSnapshot();
  const strict = (await check(WARNED, '-o', 'junit', '--fail-on', 'warning')).out;
  expect(strict).toContain('<testsuites name="istio-mtls" tests="2" failures="1" errors="0" skipped="0">');
  expect((await check(SOUND, '-o', 'junit', '--acknowledge', 'MTLS101 * */*: legacy')).out).toContain('<system-out>MTLS901: ');
});

test('GitHub annotations escape characters that the runner interprets', async () => {
  const { out } = await check(EVERYTHING, '-o', 'github', ...ACKNOWLEDGED);
  expect(out).toMatchSnapshot();
  const folder = folderWith({ 'a,b:c%.yaml': BROKEN });
  expect((await command(['check', folder, '-o', 'github'])).out).toMatch(/^::error file=.*a%2Cb%3Ac%25\.yaml,line=65,col=7,title=MTLS101::DestinationRule shop\/ratings: /);
});

test('JUnit output holds no character that XML forbids', async () => {
  const folder = folderWith({ 'a.yaml': BROKEN.replaceAll('name: ratings', 'name: "r<&\\u0007\\"s"') });
  const { out } = await command(['check', folder, '-o', 'junit', '--fail-on', 'never']);
  expect(out).toContain('name="DestinationRule shop/r&lt;&amp;\\u0007&quot;s"');
  // eslint-disable-next-line no-control-regex
  expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/);
});

describe('a selector without labels', () => {
  const EMPTY = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: shop}\nspec: {selector: {}, mtls: {mode: STRICT}}\n';

  test('is reported once, with its consequence', async () => {
    expect((await reported(EMPTY)).codes).toEqual(['MTLS206']);
    expect((await reported(EMPTY, '--acknowledge', 'MTLS206: the whole is meant')).codes).toEqual([]);
  });

  test('gets a warning of admission if MTLS206 doesn\'t apply', async () => {
    const first = EMPTY.replace('selector: {}, ', '').replace('default', 'a');
    expect((await reported(`${first}---\n${EMPTY}`)).codes).toEqual(['ADMIT451', 'MTLS201']);
    expect((await reported(EMPTY.replace('PeerAuthentication', 'AuthorizationPolicy').replace(', mtls: {mode: STRICT}', ''))).codes).toContain('ADMIT451');
  });
});
