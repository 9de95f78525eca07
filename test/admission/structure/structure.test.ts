import { admit } from '../../../src/admission/admission';
import { ISTIO_CRDS } from '../../../src/admission/crds';
import { judgeStructure } from '../../../src/admission/structure/structure';
import { fieldText } from '../../../src/findings/finding';
import { refusalMessage } from '../../../src/findings/refusal';
import { objectionsOf } from '../../support/admission/objections';

function objections(kind: string, spec: unknown) {
  return objectionsOf((at) => judgeStructure(at, ISTIO_CRDS.find((known) => known.kind === kind)!, { spec }));
}

function fixes(kind: string, spec: unknown) {
  return objections(kind, spec).map(({ code, field, fix }) => [code, fieldText(field), fix]);
}

test('an objection renders as one sentence', () => {
  const [objection] = objections('PeerAuthentication', { mtls: { mod: 'STRICT' } });
  expect(refusalMessage({ ...objection, kind: 'PeerAuthentication', field: fieldText(objection.field) })).toBe(
    "PeerAuthentication: spec.mtls.mod is an unknown field ('STRICT'); expected a field that spec.mtls has: mode, "
    + 'because the API server rejects unknown fields, or drops them if field validation is lenient. '
    + 'Fix: write mode instead of mod. [ADMIT201]',
  );
});

describe('an unknown field', () => {
  test.each([
    ['PeerAuthentication', { mtls: { mod: 'STRICT' } }, 'write mode instead of mod'],
    ['PeerAuthentication', { Mtls: {} }, 'write mtls instead of Mtls'],
    ['PeerAuthentication', { port_level_mtls: {} }, 'write portLevelMtls instead of port_level_mtls'],
    ['PeerAuthentication', { mode: 'STRICT' }, 'move it to spec.mtls.mode, where PeerAuthentication has a field mode'],
    ['PeerAuthentication', { whatever: 1 }, 'compare it with the reference of PeerAuthentication for the Istio version that runs; no version up to 1.32 has it'],
    ['DestinationRule', { host: 'a', trafficPolicy: { tls: { maxConnectionDuration: '1h' } } }, 'move it to spec.trafficPolicy.connectionPool.tcp.maxConnectionDuration, where DestinationRule has a field maxConnectionDuration'],
    ['DestinationRule', { host: 'a', trafficPolicy: { portLevelSettings: [{ tls: { maxConnectionDuration: '1h' } }] } }, 'move it to spec.trafficPolicy.portLevelSettings[].connectionPool.tcp.maxConnectionDuration, where DestinationRule has a field maxConnectionDuration'],
  ])('is reported with its path and a suggestion: %s %j', (kind, spec, fix) => {
    expect(objections(kind, spec).map((objection) => [objection.code, objection.fix])).toEqual([['ADMIT201', fix]]);
  });

  test('maxSessionAge is reported with the existing fields and their effects', () => {
    const [[, field, fix]] = fixes('DestinationRule', { host: 'a', trafficPolicy: { tls: { maxSessionAge: '300s' } } });
    expect(field).toBe('spec.trafficPolicy.tls.maxSessionAge');
    expect(fix).toContain('connectionPool.tcp.maxConnectionDuration closes a connection after that time');
    expect(fix).toContain('connectionPool.tcp.idleTimeout an idle one');
    expect(fix).toContain('connectionPool.http.maxRequestsPerConnection one after that many requests');
  });

  test('peers and credentialName of a PeerAuthentication are reported with what to write instead', () => {
    expect(fixes('PeerAuthentication', { peers: [{ mtls: {} }], mtls: { credentialName: 'a' } })).toEqual([
      ['ADMIT201', 'spec.peers', expect.stringContaining('use spec.mtls.mode')],
      ['ADMIT201', 'spec.mtls.credentialName', expect.stringContaining('the mesh\'s CA')],
    ]);
  });

  test('a long value is shortened, and a cyclic one does no harm', () => {
    const cyclic: any = { a: 'x'.repeat(1000) };
    cyclic.self = cyclic;
    expect(objections('PeerAuthentication', { whatever: cyclic })[0].actual.length).toBeLessThan(120);
    const circle: any = {};
    circle.self = circle;
    expect(objections('PeerAuthentication', { whatever: circle })[0].actual).toMatch(/^an unknown field \(\{"self":\{"self"/);
  });
});

test.each([
  ['a boolean in quotes', 'DestinationRule', { host: 'a', trafficPolicy: { tls: { insecureSkipVerify: 'yes' } } }, 'ADMIT202', 'write true or false without quotes'],
  ['a number in quotes', 'DestinationRule', { host: 'a', trafficPolicy: { portLevelSettings: [{ port: { number: '80' } }] } }, 'ADMIT202', 'write it without quotes: 80'],
  ['a number in place of a string', 'DestinationRule', { host: 5 }, 'ADMIT202', 'put it in quotes: "5"'],
  ['a string in place of a list', 'VirtualService', { hosts: 'a' }, 'ADMIT202', 'make it a list item: put it in […], or write it after a "-"'],
  ['a fraction in place of an integer', 'VirtualService', { http: [{ route: [{ destination: { host: 'a' }, weight: 0.5 }] }] }, 'ADMIT202', 'write a whole number'],
  ['a number that JSON lacks', 'DestinationRule', { host: 'a', trafficPolicy: { retryBudget: { percent: NaN } } }, 'ADMIT202', 'write a value of type number'],
  ['null in a list', 'VirtualService', { hosts: [null] }, 'ADMIT202', 'write a value, or remove the item'],
  ['a missing required field', 'DestinationRule', {}, 'ADMIT203', 'add host'],
  ['an enum member in lower case', 'PeerAuthentication', { mtls: { mode: 'strict' } }, 'ADMIT204', 'write STRICT'],
  ['a misspelled enum member', 'DestinationRule', { host: 'a', trafficPolicy: { tls: { mode: 'ISTIO-MUTAL' } } }, 'ADMIT204', 'write ISTIO_MUTUAL'],
  ['an unknown enum member', 'PeerAuthentication', { mtls: { mode: 'ENFORCED' } }, 'ADMIT204', 'write one of these values'],
  ['a number under the minimum', 'VirtualService', { http: [{ directResponse: { status: -1 } }] }, 'ADMIT205', 'write 0 or more'],
  ['a string under the minimum length', 'RequestAuthentication', { jwtRules: [{ issuer: '' }] }, 'ADMIT206', 'write a value'],
  ['a string of the wrong format', 'AuthorizationPolicy', { targetRefs: [{ kind: 'a.b', name: 'a' }] }, 'ADMIT207', 'write a string of that form'],
  ['invalid base64', 'VirtualService', { http: [{ directResponse: { status: 200, body: { bytes: '?' } } }] }, 'ADMIT208', 'encode it with base64, or use the corresponding field for plain text'],
  ['a list under the minimum length', 'PeerAuthentication', { portLevelMtls: {} }, 'ADMIT209', 'add one, or remove the field'],
  ['a second port of the same name', 'ServiceEntry', { hosts: ['a.b'], ports: [{ name: 'a', number: 1 }, { name: 'a', number: 2 }] }, 'ADMIT212', 'rename it or remove it'],
  ['a string over the maximum length', 'PeerAuthentication', { selector: { matchLabels: { app: 'x'.repeat(64) } } }, 'ADMIT213', 'shorten it'],
  ['a list over the maximum length', 'ServiceEntry', { hosts: Array(257).fill('a.b') }, 'ADMIT214', 'split it'],
])('is reported: %s', (_, kind, spec, code, fix) => {
  expect(objections(kind, spec).map((objection) => [objection.code, objection.fix])).toEqual([[code, fix]]);
});

test('two fields of a oneOf are named', () => {
  const [objection] = objections('DestinationRule', { host: 'a', trafficPolicy: { loadBalancer: { simple: 'RANDOM', consistentHash: {} } } });
  expect(objection).toMatchObject({ code: 'ADMIT210', actual: 'an object with simple and consistentHash', expected: 'only one of simple, consistentHash, backendUtilization', fix: 'keep one and remove the other' });
});

test('a oneOf inside an allOf is checked', () => {
  const [objection] = objections('DestinationRule', { host: 'a', trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: 'a', useSourceIp: true, ringHash: {}, maglev: {} } } } });
  expect(objection.actual).toBe('an object with httpHeaderName and useSourceIp');
});

describe('a field of a later Istio version', () => {
  const spec = { jwtRules: [{ issuer: 'https://a.example.com', presence: 'REQUIRED' }] };
  const requestAuthentication = { apiVersion: 'security.istio.io/v1', kind: 'RequestAuthentication', metadata: { name: 'a', namespace: 'b' }, spec };
  const found = (istioVersion?: string, object: object = requestAuthentication) =>
    admit(object, { istioVersion }).map(({ code, severity, field, fix }) => [code, severity, fieldText(field), fix]);

  test('causes a warning for earlier versions, and no advice to remove it', () => {
    const warning = (minor: string) => [['ADMIT215', 'warning', 'spec.jwtRules[0].presence', `upgrade to Istio 1.32, or set istioVersion to the version that runs if it is newer than ${minor}`]];
    expect([undefined, '1.31.4', '1.27', 'v1.32.0', '1.33'].map((version) => found(version))).toEqual([warning('1.31'), warning('1.31'), warning('1.27'), [], []]);
    expect(admit(requestAuthentication)[0].because).toContain('Istio before 1.32 drops it');
  });

  test('doesn\'t hide other errors, and its value isn\'t checked', () => {
    const wrong = { ...requestAuthentication, spec: { jwtRules: [{ ...spec.jwtRules[0], presence: 'SOMETIMES', jwksUri: 'ftp://x' }] } };
    expect([undefined, '1.32'].map((version) => found(version, wrong).map(([code, , field]) => [code, field]))).toEqual([
      [['ADMIT215', 'spec.jwtRules[0].presence'], ['ADMIT309', 'spec.jwtRules[0].jwksUri']],
      [['ADMIT204', 'spec.jwtRules[0].presence']],
    ]);
  });

  test('causes a warning for just the minor that lacks it', () => {
    const keepAlive = { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'a', namespace: 'b' }, spec: { host: 'a.b', trafficPolicy: { connectionPool: { http: { http2KeepAlive: { interval: '10s', timeout: '5s' } } } } } };
    expect([undefined, '1.30'].map((version) => found(version, keepAlive).map(([code, , field]) => [code, field]))).toEqual([
      [], [['ADMIT215', 'spec.trafficPolicy.connectionPool.http.http2KeepAlive']],
    ]);
  });

  test.each<[string, object, string, string, string]>([
    ['ServiceEntry', { hosts: ['*.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DYNAMIC_DNS' }, '1.28', 'spec.resolution', '\'DYNAMIC_DNS\', a value'],
    ['EnvoyFilter', { configPatches: [{ applyTo: 'HTTP_FILTER', match: { context: 'WAYPOINT' }, patch: { operation: 'MERGE_AND_REPLACE_LIST' } }] }, '1.31', 'spec.configPatches[0].patch.operation', '\'MERGE_AND_REPLACE_LIST\', a value'],
    ['TrafficExtension', { lua: { inlineCode: 'x' } }, '1.30', 'kind', 'TrafficExtension, a kind'],
  ])('causes a warning, and so does a newer value or kind: %s', (kind, own, since, at, what) => {
    const group = kind === 'TrafficExtension' ? 'extensions.istio.io/v1alpha1' : kind === 'EnvoyFilter' ? 'networking.istio.io/v1alpha3' : 'networking.istio.io/v1';
    const object = { apiVersion: group, kind, metadata: { name: 'a', namespace: 'b' }, spec: own };
    const before = `1.${Number(since.slice(2)) - 1}`;
    const told = admit(object, { istioVersion: before }).filter(({ code }) => code === 'ADMIT215').map(({ severity, field, actual }) => [severity, fieldText(field), actual]);
    expect(told).toEqual([['warning', at, `${what} that Istio ${since} introduces`]]);
    expect(found(since, object).filter(([code]) => code === 'ADMIT215')).toEqual([]);
  });

  test('is advised to be removed only if no version has it, and all fields of the version are known', () => {
    const unknown = { ...requestAuthentication, spec: { jwtRules: [{ issuer: 'https://a.example.com', whatever: 1 }] } };
    const misspelled = { ...requestAuthentication, spec: { jwtRules: [{ issuer: 'https://a.example.com', presense: 'REQUIRED' }] } };
    const compared = 'compare it with the reference of RequestAuthentication for the Istio version that runs; no version up to 1.32 has it';
    expect([undefined, '1.32', '1.31', '1.33'].map((version) => found(version, unknown)[0][3])).toEqual([compared, 'remove whatever', 'remove whatever', compared]);
    expect(found('1.31', misspelled)[0][3]).toBe('write presence instead of presense');
  });
});
