import { ClientTls, ExternalProtocol, ExternalResolution, ExternalService, ExternalServiceProps, Pods } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

const { HTTP, HTTPS, TLS } = ExternalProtocol;
const HOST = 'api.bank.example';
const simple = ClientTls.simple();

type Props = Partial<ExternalServiceProps>;
const propsWith = (props: Props): ExternalServiceProps => ({ hosts: [HOST], ports: [{ port: 443, protocol: TLS }], ...props });

function emitted(props: Props): any[] {
  const chart = chartIn('shop');
  new ExternalService(chart, 'bank', propsWith(props));
  return synth(chart);
}

const entry = (props: Props): any => only(emitted(props), 'ServiceEntry').spec;
const refusal = (props: Props): (() => unknown) => () => emitted(props);

describe('an ExternalService refuses', () => {
  test.each<[string, Props, string]>([
    ['an empty list of ports', { ports: [] }, 'ports is empty'],
    ['a missing list of ports', { ports: undefined }, 'ports is empty'],
    ['an empty list of hosts', { hosts: [] }, 'hosts is empty'],
    ['a missing list of hosts', { hosts: undefined }, 'hosts is empty'],
    ['host *', { hosts: ['*'] }, "hosts is '*'; expected fully qualified host names, each once, because the entry would match every host"],
    ['a Service\'s bare name', { hosts: ['bank'] }, "hosts is 'bank'; expected fully qualified host names"],
    ['the same host twice', { hosts: [HOST, HOST] }, "hosts is 'api.bank.example' twice"],
  ])('%s', (_, props, message) => {
    expect(refusal(props)).toThrow(`ServiceEntry (test/bank): ${message}`);
    expect(refusal(props)).toThrow('[API820]');
  });

  test.each<[string, Props, string]>([
    ['an invalid host name', { hosts: ['api_bank.example'] }, 'API022'],
    ['port 0', { ports: [{ port: 0, protocol: TLS }] }, 'API006'],
    ['target port 65536', { ports: [{ port: 80, protocol: HTTP, tls: simple, targetPort: 65536 }] }, 'API006'],
    ['the same port twice', { ports: [{ port: 443, protocol: TLS }, { port: 443, protocol: HTTPS }] }, 'API010'],
    ['an unknown protocol', { ports: [{ port: 443, protocol: 'QUIC' as ExternalProtocol }] }, 'API016'],
    ['an unknown resolution', { resolution: 'LOGICAL' as ExternalResolution }, 'API016'],
    ['TLS as in Istio\'s YAML', { ports: [{ port: 80, protocol: HTTP, tls: { mode: 'SIMPLE' } as unknown as ClientTls }] }, 'API019'],
    ['an empty exportTo', { exportTo: [] }, 'API032'],
    ['a client without labels', { client: Pods.withLabels({}) }, 'API003'],
  ])('%s', (_, props, code) => {
    expect(refusal(props)).toThrow(`[${code}]`);
  });

  test('a chart without a namespace', () => {
    expect(() => new ExternalService(chartIn(), 'bank', propsWith({}))).toThrow(/ServiceEntry \(test\/bank\): metadata.namespace is missing.*\[API004\]/);
  });
});

describe('the resolution', () => {
  const { NONE, STATIC, DNS, DNS_ROUND_ROBIN, DYNAMIC_DNS } = ExternalResolution;
  const WILDCARD = ['*.bank.example'];

  test.each<[string, Props, ExternalResolution]>([
    ['is DNS for names', {}, DNS],
    ['is NONE for wildcards', { hosts: WILDCARD }, NONE],
    ['is STATIC for addresses', { endpoints: ['192.0.2.1'] }, STATIC],
    ['is STATIC for wildcards with addresses', { hosts: WILDCARD, endpoints: ['192.0.2.1'] }, STATIC],
    ['is DNS for endpoints with names', { endpoints: ['192.0.2.1', 'eu.bank.example'] }, DNS],
    ['is the given one', { resolution: DNS_ROUND_ROBIN }, DNS_ROUND_ROBIN],
    ['is the given one for wildcards', { hosts: WILDCARD, resolution: DYNAMIC_DNS }, DYNAMIC_DNS],
  ])('%s', (_, props, expected) => {
    expect(entry(props).resolution).toBe(expected);
  });

  test.each<[string, Props, string]>([
    ['DNS for wildcards', { hosts: WILDCARD, resolution: DNS }, "resolution is DNS; expected NONE, DYNAMIC_DNS, or 'endpoints', because '*.bank.example' can't be resolved."],
    ['DNS_ROUND_ROBIN for wildcards', { hosts: WILDCARD, resolution: DNS_ROUND_ROBIN }, 'resolution is DNS_ROUND_ROBIN'],
    ['DYNAMIC_DNS for names', { resolution: DYNAMIC_DNS }, 'resolution is DYNAMIC_DNS; expected DNS'],
    ['STATIC without endpoints', { resolution: STATIC }, 'resolution is STATIC'],
    ['STATIC for endpoints with names', { resolution: STATIC, endpoints: ['eu.bank.example'] }, 'resolution is STATIC'],
    ['NONE with endpoints', { resolution: NONE, endpoints: ['192.0.2.1'] }, 'resolution is NONE'],
    ['DYNAMIC_DNS with endpoints', { hosts: WILDCARD, resolution: DYNAMIC_DNS, endpoints: ['192.0.2.1'] }, 'resolution is DYNAMIC_DNS'],
  ])('%s is refused', (_, props, message) => {
    expect(refusal(props)).toThrow(`ServiceEntry (test/bank): ${message}`);
    expect(refusal(props)).toThrow('[API823]');
  });
});
