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

describe('ports and hosts', () => {
  test.each<[string, Props, string]>([
    ['no port', { ports: [] }, 'ports is empty'],
    ['no port at all', { ports: undefined }, 'ports is empty'],
    ['no host', { hosts: [] }, 'hosts is empty'],
    ['no hosts at all', { hosts: undefined }, 'hosts is empty'],
    ['every host', { hosts: ['*'] }, "hosts is '*'; expected fully qualified host names, each once, because the entry would match every host"],
    ['a Service\'s bare name', { hosts: ['bank'] }, "hosts is 'bank'; expected fully qualified host names"],
    ['a host twice', { hosts: [HOST, HOST] }, "hosts is 'api.bank.example' twice"],
  ])('%s is refused', (_, props, message) => {
    expect(refusal(props)).toThrow(`ServiceEntry (test/bank): ${message}`);
    expect(refusal(props)).toThrow('[MTLS820]');
  });

  test.each<[string, Props, string]>([
    ['no host name', { hosts: ['api_bank.example'] }, 'MTLS022'],
    ['no port', { ports: [{ port: 0, protocol: TLS }] }, 'MTLS006'],
    ['no target port', { ports: [{ port: 80, protocol: HTTP, tls: simple, targetPort: 65536 }] }, 'MTLS006'],
    ['a port twice', { ports: [{ port: 443, protocol: TLS }, { port: 443, protocol: HTTPS }] }, 'MTLS010'],
    ['no such protocol', { ports: [{ port: 443, protocol: 'QUIC' as ExternalProtocol }] }, 'MTLS016'],
    ['no such resolution', { resolution: 'LOGICAL' as ExternalResolution }, 'MTLS016'],
    ['TLS of Istio\'s YAML', { ports: [{ port: 80, protocol: HTTP, tls: { mode: 'SIMPLE' } as unknown as ClientTls }] }, 'MTLS019'],
    ['an empty exportTo', { exportTo: [] }, 'MTLS032'],
    ['no label', { client: Pods.withLabels({}) }, 'MTLS003'],
  ])('%s is refused', (_, props, code) => {
    expect(refusal(props)).toThrow(`[${code}]`);
  });

  test('no namespace is refused', () => {
    expect(() => new ExternalService(chartIn(), 'bank', propsWith({}))).toThrow(/ServiceEntry \(test\/bank\): metadata.namespace is missing.*\[MTLS004\]/);
  });
});

describe('the resolution', () => {
  const { NONE, STATIC, DNS, DNS_ROUND_ROBIN, DYNAMIC_DNS } = ExternalResolution;
  const WILDCARD = ['*.bank.example'];

  test.each<[string, Props, ExternalResolution]>([
    ['of names', {}, DNS],
    ['of wildcards', { hosts: WILDCARD }, NONE],
    ['of addresses', { endpoints: ['192.0.2.1'] }, STATIC],
    ['of a wildcard with addresses', { hosts: WILDCARD, endpoints: ['192.0.2.1'] }, STATIC],
    ['of endpoints with names', { endpoints: ['192.0.2.1', 'eu.bank.example'] }, DNS],
    ['that is said', { resolution: DNS_ROUND_ROBIN }, DNS_ROUND_ROBIN],
    ['that is said of wildcards', { hosts: WILDCARD, resolution: DYNAMIC_DNS }, DYNAMIC_DNS],
  ])('%s is %s', (_, props, expected) => {
    expect(entry(props).resolution).toBe(expected);
  });

  test.each<[string, Props, string]>([
    ['a wildcard that is looked up', { hosts: WILDCARD, resolution: DNS }, "resolution is DNS; expected NONE, DYNAMIC_DNS, or 'endpoints', because '*.bank.example' can't be resolved."],
    ['a wildcard that is looked up once', { hosts: WILDCARD, resolution: DNS_ROUND_ROBIN }, 'resolution is DNS_ROUND_ROBIN'],
    ['a name that is looked up by each request', { resolution: DYNAMIC_DNS }, 'resolution is DYNAMIC_DNS; expected DNS'],
    ['no addresses', { resolution: STATIC }, 'resolution is STATIC'],
    ['names that nobody looks up', { resolution: STATIC, endpoints: ['eu.bank.example'] }, 'resolution is STATIC'],
    ['endpoints that nobody calls', { resolution: NONE, endpoints: ['192.0.2.1'] }, 'resolution is NONE'],
    ['endpoints of wildcards that nobody calls', { hosts: WILDCARD, resolution: DYNAMIC_DNS, endpoints: ['192.0.2.1'] }, 'resolution is DYNAMIC_DNS'],
  ])('%s is refused', (_, props, message) => {
    expect(refusal(props)).toThrow(`ServiceEntry (test/bank): ${message}`);
    expect(refusal(props)).toThrow('[MTLS823]');
  });
});
