import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { loadAll } from 'js-yaml';
import { Acknowledgement, AcknowledgementProps, MtlsAnalysis, MtlsRule, StrictMeshMtls } from '../../../src/index';
import { WARNED } from '../../cli/meshes';

function shop(): { app: App; chart: Chart } {
  const app = Testing.app();
  return { app, chart: new Chart(app, 'shop', { namespace: 'shop' }) };
}

const PROPS: AcknowledgementProps = { code: MtlsRule.MTLS201, reason: 'the second one goes in March' };

test('annotates the object that the construct emits', () => {
  const { chart } = shop();
  new Acknowledgement(new StrictMeshMtls(chart, 'strict'), 'known', PROPS);
  new Acknowledgement(new Deployment(chart, 'web', { containers: [{ image: 'web' }] }), 'known', { ...PROPS, code: MtlsRule.MTLS103 });
  new Acknowledgement(new ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'Service' }), 'known', PROPS);
  const annotations = Testing.synth(chart).map(({ kind, metadata }) => [kind, metadata.annotations]);
  expect(annotations).toEqual([
    ['PeerAuthentication', { 'acknowledge.istio-mtls/MTLS201': PROPS.reason }],
    ['Deployment', { 'acknowledge.istio-mtls/MTLS103': PROPS.reason }],
    ['Service', { 'acknowledge.istio-mtls/MTLS201': PROPS.reason }],
  ]);
});

test('snapshot', () => {
  const { chart } = shop();
  new Acknowledgement(new StrictMeshMtls(chart, 'strict'), 'known', { ...PROPS, code: MtlsRule.MTLS208, owner: 'platform-team', expires: '2027-03-31' });
  expect(Testing.synth(chart)).toMatchSnapshot();
});

test('has an owner and an expiry date', () => {
  const { app, chart } = shop();
  const [, second] = loadAll(WARNED).map((object, index) => new ApiObject(chart, `policy${index}`, object as any));
  new Acknowledgement(second, 'known', { ...PROPS, owner: 'shop-team', expires: '2027-03-31' });
  expect(Testing.synth(chart)[1].metadata.annotations).toEqual({
    'acknowledge.istio-mtls/MTLS201': PROPS.reason,
    'acknowledge.istio-mtls/MTLS201.owner': 'shop-team',
    'acknowledge.istio-mtls/MTLS201.expires': '2027-03-31',
  });
  expect(MtlsAnalysis.of(app, { date: '2027-03-31' })).toMatchObject({ findings: [], acknowledged: [{ owner: 'shop-team', expires: '2027-03-31' }] });
  expect(MtlsAnalysis.of(app, { date: '2027-04-01' }).findings.map(({ code }) => code)).toEqual(['MTLS201', 'MTLS902']);
});

test('acknowledges the finding, and reports an acknowledgement without one', () => {
  const { app, chart } = shop();
  const [first, second] = loadAll(WARNED).map((object, index) => new ApiObject(chart, `policy${index}`, object as any));
  new Acknowledgement(second, 'known', PROPS);
  expect(MtlsAnalysis.of(app)).toMatchObject({ findings: [], acknowledged: [{ code: MtlsRule.MTLS201, reason: PROPS.reason }] });
  new Acknowledgement(first, 'known', PROPS);
  expect(MtlsAnalysis.of(app).findings.map(({ code, name }) => [code, name])).toEqual([['MTLS901', 'one']]);
});

test.each<[string, Partial<AcknowledgementProps>, RegExp]>([
  ['a code of the admission checks', { code: 'ADMIT201' as MtlsRule }, /Acknowledgement \(shop\/strict\/known\): code is 'ADMIT201'; expected a rule of the analysis, such as MtlsRule\.MTLS103\. Fix: use a rule that 'istio-mtls rules' lists\. \[API079\]/],
  ['the code of a construct\'s refusal', { code: 'API001' as MtlsRule }, /\[API079\]/],
  ['a code with one digit too many', { code: 'MTLS1011' as MtlsRule }, /\[API079\]/],
  ['the code for useless acknowledgements', { code: 'MTLS901' as MtlsRule }, /\[API079\]/],
  ['a code in small letters', { code: 'mtls201' as MtlsRule }, /Fix: write MTLS201\. \[API079\]/],
  ['an expiry date that is no date', { expires: '31.3.2027' }, /expires is '31\.3\.2027'; expected a day such as 2027-03-31, .* \[API097\]/],
  ['an empty reason', { reason: ' \n' }, /reason is empty; expected a reason, .* \[API080\]/],
])('%s is refused', (_, props, message) => {
  const policy = new StrictMeshMtls(shop().chart, 'strict');
  expect(() => new Acknowledgement(policy, 'known', { ...PROPS, ...props })).toThrow(message);
});

test('a scope without an object is refused', () => {
  const { app, chart } = shop();
  expect(() => new Acknowledgement(chart, 'known', PROPS)).toThrow(/scope is shop; expected a construct that emits an object, .* \[API078\]/);
  expect(() => new Acknowledgement(app, 'known', PROPS)).toThrow(/scope is the app; /);
});
