import { ClientTls, Destination, MtlsMode, WorkloadOverride } from '../../src/index';
import { chartIn, synth } from '../support/charts';

/** Everything that selects pods by labels of the user's, by its field. */
const SELECTING: [string, (labels: any) => void][] = [
  ['selector.matchLabels', (labels) => new WorkloadOverride(chartIn('shop'), 'x', { labels, mode: MtlsMode.STRICT })],
  ['workloadSelector.matchLabels', (clientLabels) => new Destination(chartIn('shop'), 'x', { host: 'a', tls: ClientTls.istioMutual(), clientLabels })],
  ['subsets.labels', (labels) => new Destination(chartIn('shop'), 'x', { host: 'a', subsets: [{ name: 'v1', labels }] })],
];

describe.each(SELECTING)('%s', (field, select) => {
  test.each([
    ['undefined', undefined, 'missing'],
    ['null', null, 'missing'],
    ['a number', 1, 'a number'],
  ])('refuses the value %s: left out, the label would select more pods', (_, value, actual) => {
    expect(() => select({ app: 'a', version: value })).toThrow(`${field}['version'] is ${actual}; expected text, because a label without a value is not written, and fewer labels select more pods. Fix: write labels as in { app: 'ratings' }, all values as text. [MTLS017]`);
  });

  test.each([['a text', 'app=a'], ['a list', ['app']]])('refuses %s instead of a mapping', (_, labels) => {
    expect(() => select(labels)).toThrow(`${field} is no mapping; expected label values by label keys`);
  });
});

test('a label may be empty text', () => {
  const chart = chartIn('shop');
  new WorkloadOverride(chart, 'x', { labels: { canary: '' }, mode: MtlsMode.STRICT });
  expect(synth(chart)[0].spec.selector).toEqual({ matchLabels: { canary: '' } });
});

test('labels that change after the construct was made are not taken over', () => {
  const chart = chartIn('shop');
  const labels: Record<string, string> = { app: 'a' };
  new WorkloadOverride(chart, 'x', { labels, mode: MtlsMode.STRICT });
  delete labels.app;
  expect(synth(chart)[0].spec.selector).toEqual({ matchLabels: { app: 'a' } });
});
