import { tlsField } from '../../../src/mesh/client/tls-field';
import { endpointHint, policyForPort, policyForSubset, readTrafficPolicy } from '../../../src/mesh/client/traffic-policy';
import { destinationRule, mergedRule } from '../../support/mesh';

const onPort = (port: unknown, settings: object) => ({ portLevelSettings: [{ port: { number: port }, ...settings }] });
const SIMPLE = { tls: { mode: 'SIMPLE' } };
const PASSTHROUGH = { loadBalancer: { simple: 'PASSTHROUGH' } };

test('reads what a policy says of TLS, for all ports and for one', () => {
  const settings = { mode: 'MUTUAL', credentialName: 'x', clientCertificate: '/c', privateKey: '/k', sni: 'x.example.com', subjectAltNames: ['y'] };
  expect(readTrafficPolicy({ tls: settings, ...onPort('80', PASSTHROUGH) })).toEqual({
    tls: settings, passthrough: false, proxyProtocol: false, ports: [{ port: 80, tls: undefined, passthrough: true, proxyProtocol: false }],
  });
  expect(readTrafficPolicy({ tls: {} })!.tls).toEqual({ mode: 'DISABLE', subjectAltNames: [] });
});

test.each([[undefined], [null], ['x'], [[]]])('a policy %j is none', (policy) => {
  expect(readTrafficPolicy(policy)).toBeUndefined();
});

test('settings for a port that has no number are nobody\'s', () => {
  const policy = readTrafficPolicy({ portLevelSettings: [SIMPLE, { port: 80, ...SIMPLE }] })!;
  expect([policyForPort(policy, 0)!.tls, policyForPort(policy, 80)!.tls]).toEqual([undefined, undefined]);
});

describe('a subset inherits what it leaves out, unless it has an entry for the port', () => {
  const modeOf = (policy: object | undefined, subset: object | undefined) => {
    const found = policyForSubset(readTrafficPolicy(policy), readTrafficPolicy(subset), 80);
    return found && [found.tls?.mode, found.passthrough];
  };

  test.each([
    [undefined, undefined, undefined],
    [SIMPLE, undefined, ['SIMPLE', false]],
    [undefined, SIMPLE, ['SIMPLE', false]],
    [SIMPLE, {}, ['SIMPLE', false]],
    [PASSTHROUGH, SIMPLE, ['SIMPLE', true]],
    [SIMPLE, PASSTHROUGH, ['SIMPLE', true]],
    [SIMPLE, { tls: { mode: 'DISABLE' } }, ['DISABLE', false]],
    [{ ...SIMPLE, ...PASSTHROUGH }, onPort(80, {}), [undefined, false]],
    [{ ...SIMPLE, ...PASSTHROUGH }, onPort(81, {}), ['SIMPLE', true]],
    [onPort(80, SIMPLE), {}, ['SIMPLE', false]],
  ])('rule %j, subset %j', (policy, subset, expected) => {
    expect(modeOf(policy, subset)).toEqual(expected);
  });
});

test.each([
  [undefined, undefined], [{}, undefined], [SIMPLE, 'SIMPLE'], [{ ...SIMPLE, ...onPort(80, { tls: { mode: 'DISABLE' } }) }, 'DISABLE'],
  [{ ...SIMPLE, ...onPort(80, {}) }, 'SIMPLE'], [{ ...SIMPLE, ...onPort(81, { tls: { mode: 'DISABLE' } }) }, 'SIMPLE'],
])('endpoints are marked by the port\'s TLS, else by that for all ports: %j', (policy, expected) => {
  expect(endpointHint(readTrafficPolicy(policy), 80)).toBe(expected);
});

test.each([
  ['the rule\'s', SIMPLE, undefined, 'spec.trafficPolicy.tls.mode'],
  ['the rule\'s for the port', onPort(80, SIMPLE), undefined, 'spec.trafficPolicy.portLevelSettings[80].tls.mode'],
  ['not one for another port', { ...SIMPLE, ...onPort(81, SIMPLE) }, undefined, 'spec.trafficPolicy.tls.mode'],
  ['not an entry without TLS', { ...SIMPLE, ...onPort(80, {}) }, undefined, 'spec.trafficPolicy.tls.mode'],
  ['none at all', undefined, undefined, 'spec.trafficPolicy.tls.mode'],
  ['the subset\'s', SIMPLE, SIMPLE, 'spec.subsets[v1].trafficPolicy.tls.mode'],
  ['the subset\'s for the port', SIMPLE, { ...SIMPLE, ...onPort(80, SIMPLE) }, 'spec.subsets[v1].trafficPolicy.portLevelSettings[80].tls.mode'],
  ['not one of the subset for another port', SIMPLE, { ...SIMPLE, ...onPort(81, SIMPLE) }, 'spec.subsets[v1].trafficPolicy.tls.mode'],
  ['the rule\'s, where the subset has no TLS', SIMPLE, {}, 'spec.trafficPolicy.tls.mode'],
  ['the rule\'s, where the subset has no policy', onPort(80, SIMPLE), null, 'spec.trafficPolicy.portLevelSettings[80].tls.mode'],
])('the field that decides is %s', (_, trafficPolicy, subset, expected) => {
  const subsets = subset === undefined ? [] : [{ name: 'v1', trafficPolicy: subset }];
  const rule = mergedRule(destinationRule('b/d', { host: 'x', trafficPolicy, subsets }));
  expect(tlsField(rule, rule.subsets[0], 80)).toBe(expected);
});
