import { ClientTls, CustomCa, Destination, MtlsMode, SubsetRoute, WorkloadOverride } from '../../src/index';
import { chartIn } from '../support/charts';

const yaml: any = { mode: 'ISTIO_MUTUAL' };

describe('what no class of the library made is refused, as JavaScript may pass it:', () => {
  test('a tls as in YAML, of a host, a port or a subset', () => {
    const REFUSED = 'DestinationRule (test/x): tls is of type object, and of another class; expected what ClientTls makes, because nothing else is checked. Fix: use ClientTls. [MTLS019]';
    expect(() => new Destination(chartIn('shop'), 'x', { host: 'a', tls: yaml })).toThrow(REFUSED);
    expect(() => new Destination(chartIn('shop'), 'x', { host: 'a', ports: [{ port: 80, tls: yaml }] })).toThrow(REFUSED);
    expect(() => new Destination(chartIn('shop'), 'x', { host: 'a', subsets: [{ name: 'v1', tls: yaml }] })).toThrow(REFUSED);
  });

  test('a credential by its name', () => {
    expect(() => ClientTls.mutual({ credential: 'bank' as any })).toThrow('credential is of type string, and of another class; expected what ClientCredential makes');
  });

  test('a subset by its name, or a subset for its weighted one', () => {
    const chart = chartIn('shop');
    const destination = new Destination(chart, 'd', { host: 'a', subsets: [{ name: 'v1', labels: { v: '1' } }] });
    expect(() => new SubsetRoute(chart, 'x', { to: [{ subset: 'v1' as any }] })).toThrow('to.subset is of type string, and of another class; expected what Destination.subset makes');
    expect(() => new SubsetRoute(chart, 'x', { to: [destination.subset('v1') as any] })).toThrow('to.subset is missing');
    expect(() => new SubsetRoute(chart, 'x', {} as any)).toThrow('http.route is empty');
  });

  test('a CA without a source, or by its texts', () => {
    expect(() => new CustomCa(chartIn(), 'x', {} as any)).toThrow("Secret 'cacerts' (test/x): source is missing; expected what CaSource makes");
    expect(() => new CustomCa(chartIn(), 'x', { source: 'text' as any })).toThrow('source is of type string');
  });

  test('a workload, client or Service by its name', () => {
    const reviews: any = 'reviews';
    expect(() => new WorkloadOverride(chartIn('shop'), 'x', { workload: reviews, mode: MtlsMode.STRICT })).toThrow('workload is of type string, and no construct; expected one of Deployment');
    expect(() => new Destination(chartIn('shop'), 'x', { host: 'a', client: reviews, tls: ClientTls.istioMutual() })).toThrow('client is of type string, and no construct');
    expect(() => new Destination(chartIn('shop'), 'x', { service: reviews, tls: ClientTls.istioMutual() })).toThrow('service is of type string, and no construct; expected a Service');
  });
});
