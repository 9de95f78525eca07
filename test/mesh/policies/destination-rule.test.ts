import { readObject } from '../../../src/mesh/inventory/object';
import { endpointTlsSettings, policyForPort, policyForSubset, readTrafficPolicy } from '../../../src/mesh/policies/destination-rule';
import { destinationRule } from '../../support/meshes/mesh';

const object = readObject(destinationRule('b/d', { host: 'x' }))!;
const read = (policy: unknown) => readTrafficPolicy(policy, { object, field: ['p'] });

const onPort = (port: unknown, settings: object) => ({ portLevelSettings: [{ port: { number: port }, ...settings }] });
const SIMPLE = { tls: { mode: 'SIMPLE' } };
const PASSTHROUGH = { loadBalancer: { simple: 'PASSTHROUGH' } };

test('reads a policy\'s TLS settings, for all ports and for one', () => {
  const settings = { mode: 'MUTUAL', credentialName: 'x', clientCertificate: '/c', privateKey: '/k', sni: 'x.example.com', subjectAltNames: ['y'] };
  expect(read({ tls: settings, ...onPort('80', PASSTHROUGH) })).toEqual({
    at: { object, field: ['p'] },
    part: {},
    tls: { ...settings, at: { object, field: ['p', 'tls'] }, part: {}, fields: Object.keys(settings), certificates: ['clientCertificate', 'privateKey', 'credentialName'] },
    passthrough: undefined,
    ports: [{ at: { object, field: ['p', 'portLevelSettings', 0] }, part: { port: 80 }, port: 80, tls: undefined, passthrough: { at: { object, field: ['p', 'portLevelSettings', 0, 'loadBalancer', 'simple'] }, part: { port: 80 } } }],
  });
  expect(read({ tls: {} })!.tls).toEqual({ mode: 'DISABLE', subjectAltNames: [], at: { object, field: ['p', 'tls'] }, part: {}, fields: [], certificates: [] });
  expect(read({ tls: { caCrl: '/c', caCertificates: '' } })!.tls).toMatchObject({ mode: 'DISABLE', fields: ['caCrl', 'caCertificates'], certificates: ['caCrl'] });
});

test.each([[undefined], [null], ['x'], [[]]])('ignores the invalid policy %j', (policy) => {
  expect(read(policy)).toBeUndefined();
});

test('settings for a port without a number have no effect', () => {
  const policy = read({ portLevelSettings: [SIMPLE, { port: 80, ...SIMPLE }] })!;
  expect([policyForPort(policy, 0)!.tls, policyForPort(policy, 80)!.tls]).toEqual([undefined, undefined]);
});

describe('a subset inherits unset fields, unless its portLevelSettings have the port', () => {
  const modeOf = (policy: object | undefined, subset: object | undefined) => {
    const found = policyForSubset(read(policy), read(subset), 80);
    return found && [found.tls?.mode, found.passthrough !== undefined];
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
  ])('the policy of rule %j with subset %j', (policy, subset, expected) => {
    expect(modeOf(policy, subset)).toEqual(expected);
  });
});

test.each([
  [undefined, undefined], [{}, undefined], [SIMPLE, 'SIMPLE'], [{ ...SIMPLE, ...onPort(80, { tls: { mode: 'DISABLE' } }) }, 'DISABLE'],
  [{ ...SIMPLE, ...onPort(80, {}) }, 'SIMPLE'], [{ ...SIMPLE, ...onPort(81, { tls: { mode: 'DISABLE' } }) }, 'SIMPLE'],
])('endpoints get the TLS of the port, or else that for all ports: %j', (policy, expected) => {
  expect(endpointTlsSettings(read(policy), 80)?.mode).toBe(expected);
});
