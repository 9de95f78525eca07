import { MtlsAlerts, MtlsAlertsProps } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';
import { errorsIn } from '../../support/documents/promql';

test('the grammar finds errors', () => {
  expect(errorsIn('sum by (a (rate(x[5m]))')).not.toEqual([]);
});

test.each<[string, MtlsAlertsProps]>([
  ['by default', {}],
  ['with exceptions and a fraction', { plaintext: { exceptNamespaces: ['a-1', 'b'], threshold: 0.5 } }],
  ['with a tiny threshold', { plaintext: { threshold: 1e-9 } }],
  ['with a huge threshold', { plaintext: { threshold: 1e21 } }],
])('every expression is PromQL %s', (_, props) => {
  const chart = chartIn();
  new MtlsAlerts(chart, 'alerts', props);
  const { spec } = only(synth(chart), 'PrometheusRule');
  const expressions: string[] = spec.groups[0].rules.map(({ expr }: any) => expr);
  expect(expressions).toHaveLength(5);
  expect(expressions.map((expression) => [expression, errorsIn(expression)])).toEqual(expressions.map((expression) => [expression, []]));
});
