import { ClientTls, Destination, DestinationProps } from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { chartIn, only, synth } from '../../support/constructs/charts';

const pool = (maxRequestsPerConnection: number) => ({ http: { maxRequestsPerConnection } });
const [ISTIO_MUTUAL, SIMPLE, DISABLE] = ['ISTIO_MUTUAL', 'SIMPLE', 'DISABLE'].map((mode) => ({ mode }));
const [mutual, simple, disable] = [ClientTls.istioMutual(), ClientTls.simple(), ClientTls.disable()];

function spec(props: Omit<DestinationProps, 'host'>): any {
  const chart = chartIn('shop');
  new Destination(chart, 'reviews', { host: 'reviews', ...props });
  const rule = only(synth(chart), 'DestinationRule');
  expect(schemaViolations(rule)).toEqual([]);
  return rule.spec;
}

describe('a port\'s entry, which in Istio replaces the host\'s policy', () => {
  test('has the host\'s TLS if it sets none', () => {
    expect(spec({ tls: mutual, ports: [{ port: 80, connectionPool: pool(1) }] }).trafficPolicy).toEqual({
      tls: ISTIO_MUTUAL,
      portLevelSettings: [{ port: { number: 80 }, tls: ISTIO_MUTUAL, connectionPool: pool(1) }],
    });
  });

  test('has the host\'s connection pool if it sets none', () => {
    expect(spec({ connectionPool: pool(9), ports: [{ port: 80, tls: disable }] }).trafficPolicy.portLevelSettings).toEqual([
      { port: { number: 80 }, tls: DISABLE, connectionPool: pool(9) },
    ]);
  });

  test('has its own TLS and connection pool if it sets both, without changing the host\'s', () => {
    expect(spec({ tls: mutual, connectionPool: pool(9), ports: [{ port: 80, tls: simple, connectionPool: pool(1) }] }).trafficPolicy).toEqual({
      tls: ISTIO_MUTUAL,
      connectionPool: pool(9),
      portLevelSettings: [{ port: { number: 80 }, tls: SIMPLE, connectionPool: pool(1) }],
    });
  });

  test('has no TLS if the host has none, so that auto mTLS applies', () => {
    const [entry] = spec({ ports: [{ port: 80, connectionPool: pool(1) }] }).trafficPolicy.portLevelSettings;
    expect(Object.keys(entry).sort()).toEqual(['connectionPool', 'port']);
  });
});

describe('a subset', () => {
  const labels = { version: 'v1' };

  test('without settings emits none, since it inherits the host\'s for each port', () => {
    expect(spec({ tls: mutual, subsets: [{ name: 'v1', labels }] }).subsets).toEqual([{ name: 'v1', labels }]);
  });

  test('with TLS writes only that: Istio passes the connection pool on', () => {
    expect(spec({ tls: mutual, connectionPool: pool(9), subsets: [{ name: 'v1', labels, tls: disable }] }).subsets[0].trafficPolicy).toEqual({ tls: DISABLE });
  });

  test.each<[string, Omit<DestinationProps, 'host'>, any]>([
    ['its own connection pool and the host\'s TLS', { tls: mutual, connectionPool: pool(9), subsets: [{ name: 'v1', labels, ports: [{ port: 80, connectionPool: pool(1) }] }] }, { tls: ISTIO_MUTUAL, connectionPool: pool(1) }],
    ['the host\'s TLS for that port', { tls: mutual, ports: [{ port: 80, tls: simple }], subsets: [{ name: 'v1', labels, ports: [{ port: 80, connectionPool: pool(1) }] }] }, { tls: SIMPLE, connectionPool: pool(1) }],
    ['the host\'s TLS, rather than that for another port', { tls: mutual, ports: [{ port: 81, tls: simple }], subsets: [{ name: 'v1', labels, ports: [{ port: 80, connectionPool: pool(1) }] }] }, { tls: ISTIO_MUTUAL, connectionPool: pool(1) }],
    ['the subset\'s TLS, rather than the host\'s for that port', { ports: [{ port: 80, tls: simple }], subsets: [{ name: 'v1', labels, tls: disable, ports: [{ port: 80, connectionPool: pool(1) }] }] }, { tls: DISABLE, connectionPool: pool(1) }],
    ['its own TLS and the subset\'s connection pool, rather than the host\'s', { tls: mutual, connectionPool: pool(9), subsets: [{ name: 'v1', labels, connectionPool: pool(5), ports: [{ port: 80, tls: simple }] }] }, { tls: SIMPLE, connectionPool: pool(5) }],
    ['the host\'s connection pool for that port', { connectionPool: pool(9), ports: [{ port: 80, connectionPool: pool(7) }], subsets: [{ name: 'v1', labels, ports: [{ port: 80, tls: simple }] }] }, { tls: SIMPLE, connectionPool: pool(7) }],
    ['its own TLS alone if nothing else is set', { subsets: [{ name: 'v1', labels, ports: [{ port: 80, tls: simple }] }] }, { tls: SIMPLE }],
  ])('has in its port entry %s', (_, props, expected) => {
    const [entry] = spec(props).subsets[0].trafficPolicy.portLevelSettings;
    expect(entry).toEqual({ port: { number: 80 }, ...expected });
  });
});

describe('it refuses', () => {
  test.each([0, -1, 1.5, 65536, NaN])('port %d', (port) => {
    expect(() => spec({ ports: [{ port, tls: mutual }] })).toThrow(`DestinationRule (test/reviews): trafficPolicy.portLevelSettings is for port ${port}; expected a port from 1 to 65535. Fix: pass the Service's port number. [API006]`);
    expect(() => spec({ subsets: [{ name: 'v1', ports: [{ port, tls: mutual }] }] })).toThrow(`subsets.trafficPolicy.portLevelSettings is for port ${port};`);
  });

  test('a port that is given twice', () => {
    expect(() => spec({ ports: [{ port: 80, tls: mutual }, { port: 80, tls: simple }] })).toThrow(/portLevelSettings is given twice for port 80; expected one entry for each port.*\[API010\]/);
  });

  test('a port without settings, even where the host has some', () => {
    expect(() => spec({ tls: mutual, ports: [{ port: 80 }] })).toThrow(/trafficPolicy.portLevelSettings is without settings for port 80; expected tls, connectionPool, outlierDetection, loadBalancing or otherSettings.*\[API029\]/);
    expect(() => spec({ tls: mutual, subsets: [{ name: 'v1', labels: { a: 'b' }, ports: [{ port: 80 }] }] })).toThrow(/subsets.trafficPolicy.portLevelSettings is without settings for port 80.*\[API029\]/);
  });
});
