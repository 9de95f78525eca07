import { loadAll } from 'js-yaml';
import { acknowledgementsOf } from '../../src/analysis/acknowledgements';
import { analyze } from '../../src/analysis/analysis';
import { StatedAcknowledgement } from '../../src/findings/acknowledgement';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';
import { WARNED } from '../cli/meshes';
import { sentenceOf, TODAY } from '../support/meshes/analysis';

/** The analysis of a mesh with one finding, MTLS201 of PeerAuthentication other/two, and these acknowledgements. */
function left(...acknowledgements: StatedAcknowledgement[]) {
  const { findings, acknowledged } = analyze(Mesh.of(loadAll(WARNED), { parseYaml: readYaml }), { acknowledgements, today: TODAY });
  return { codes: findings.map(({ code }) => code), told: findings.map(sentenceOf).join('\n'), acknowledged };
}

const reason = 'it goes in March';

test('an acknowledgement without kind, namespace or name matches any', () => {
  const found = { code: 'MTLS201', reason };
  for (const part of [{}, { kind: 'PeerAuthentication' }, { namespace: 'other' }, { name: 'two' }]) {
    expect(left({ ...found, ...part })).toMatchObject({ codes: [], acknowledged: [{ reason, by: 'run' }] });
  }
  expect(left({ ...found, name: 'three' }).codes).toEqual(['MTLS901', 'MTLS201']);
});

test.each<[string, string, string]>([
  ['MTLS999', reason, 'because no rule has this code\n  fix: correct the code, or delete it'],
  ['mtls201', reason, 'because no rule has this code\n  fix: write MTLS201'],
  ['ADMIT201', reason, 'because an object that the API server rejects never reaches the mesh\n  fix: fix the object and delete the acknowledgement'],
  ['MTLS901', reason, 'because a useless acknowledgement would hide the next mistake\n  fix: delete it and the useless one'],
  ['MTLS101', reason, 'because there is none\n  fix: delete it'],
  ['MTLS201', ' ', 'because the next reader must know why the finding is accepted\n  fix: say why'],
])('an acknowledgement of code %s with the reason "%s" is useless', (code, said, told) => {
  const { codes, told: all } = left({ code: 'MTLS201', kind: 'PeerAuthentication', reason }, { code, reason: said });
  expect(codes).toEqual(['MTLS901']);
  expect(all).toContain('acknowledgements[1]');
  expect(all).toContain(told);
});

test('an annotation of a replaced manifest acknowledges the finding about that manifest', () => {
  const policy = (annotations: object, mode: string) => ({
    apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'shop', annotations }, spec: { mtls: { mode } },
  });
  const objects = [policy({ 'acknowledge.istio-mtls/MTLS601': reason }, 'STRICT'), policy({}, 'PERMISSIVE')];
  const { findings, acknowledged } = analyze(Mesh.of(objects, { parseYaml: readYaml }));
  expect([findings, acknowledged.map(({ finding: { code, source } }) => [code, source])]).toEqual([[], [['MTLS601', objects[0]]]]);
});

test('an annotation of a replaced manifest doesn\'t acknowledge findings of the object', () => {
  const [one, two] = loadAll(WARNED) as any[];
  const replaced = { ...two, metadata: { ...two.metadata, annotations: { 'acknowledge.istio-mtls/MTLS201': reason } } };
  const { findings, acknowledged } = analyze(Mesh.of([one, replaced, two], { parseYaml: readYaml }));
  expect([findings.map(({ code }) => code), acknowledged]).toEqual([['MTLS201', 'MTLS601'], []]);
});

describe('an acknowledgement that expires', () => {
  const ending = { code: 'MTLS201', reason, owner: 'shop-team' };

  test('counts up to its last day, with its owner', () => {
    expect(left({ ...ending, expires: TODAY })).toMatchObject({ codes: [], acknowledged: [{ reason, owner: 'shop-team', expires: TODAY, by: 'run' }] });
  });

  test('has no effect after its last day, and is reported with its owner', () => {
    const { codes, told, acknowledged } = left({ ...ending, expires: '2025-12-31' });
    expect([codes, acknowledged]).toEqual([['MTLS902', 'MTLS201'], []]);
    expect(told).toContain('is an acknowledgement of MTLS201 by shop-team that expired after 2025-12-31');
  });

  test('is reported even if another one acknowledges the finding', () => {
    const { codes, acknowledged } = left({ ...ending, expires: '2025-12-31' }, { code: 'MTLS201', reason });
    expect([codes, acknowledged.length]).toEqual([['MTLS902'], 1]);
  });

  test('is useless without a match, even if it has expired', () => {
    expect(left({ ...ending, name: 'three', expires: '2025-12-31' }).codes).toEqual(['MTLS901', 'MTLS201']);
  });

  test.each(['2027-02-30', '2027-2-3', 'soon', ''])('has no effect if its last day is "%s"', (expires) => {
    const { codes, told } = left({ ...ending, expires });
    expect(codes).toEqual(['MTLS901', 'MTLS201']);
    expect(told).toContain('fix: write its last day as YYYY-MM-DD');
  });

  test('has no effect if the date is unknown', () => {
    const { findings } = analyze(Mesh.of(loadAll(WARNED), { parseYaml: readYaml }), { acknowledgements: [{ ...ending, expires: '2999-12-31' }] });
    expect(findings.map(({ code }) => code)).toEqual(['MTLS902', 'MTLS201']);
  });
});

describe('acknowledgements of warnings that only a synth gives', () => {
  const [code, object] = ['API858', { kind: 'Deployment', namespace: 'shop', name: 'jobs' }];

  test('are no findings of manifests', () => {
    expect(left({ code, reason }, { code: 'MTLS201', reason })).toMatchObject({ codes: [] });
  });

  test('apply to warnings of their code and object, and are told if they match nothing', () => {
    const { objects } = Mesh.of(loadAll(WARNED), { parseYaml: readYaml });
    const ofRun = [{ code, ...object, reason }, { code, name: 'other', reason }, { code: 'API859', reason }, { code: 'MTLS201', reason }];
    const claims = acknowledgementsOf([code], objects, ofRun, TODAY);
    expect([claims.claim({ code, object }) !== undefined, claims.claim({ code, object: { ...object, name: 'web' } })]).toEqual([true, undefined]);
    expect(claims.faults().map((fault) => [fault.code, fault.field, fault.because])).toEqual([['MTLS901', ['acknowledgements', 1], 'there is none']]);
  });
});
