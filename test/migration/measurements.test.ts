import { measuredWindow } from '../../src/migration/calls-query';
import { MeasurementError, readMeasurement, scrapedPart } from '../../src/migration/measurements';
import { MEASURED_AT, prometheusAnswer } from '../support/command/prometheus';
import { TODAY } from '../support/meshes/analysis';

const DAY = 86_400;
const read = (given: unknown) => readMeasurement(typeof given === 'string' ? given : JSON.stringify(given), 'calls.json', TODAY);
const ratings = { kind: 'Deployment', namespace: 'shop', name: 'ratings' };

/** A changed response with a call and a server. */
function answer(change: (whole: any, samples: any[]) => void): any {
  const whole = prometheusAnswer({ calls: ['shop/web → shop/ratings'], scraped: { 'Deployment shop/ratings': 1 } });
  change(whole, whole.data.result);
  return whole;
}

test('reads calls, with unidentified sources and passthrough', () => {
  const { calls, window, at } = read(prometheusAnswer({ calls: ['shop/web → shop/ratings', 'unknown → shop/ratings via InboundPassthroughCluster', 'unknown/x → shop/db'] }));
  expect(calls).toEqual([
    { source: { namespace: 'shop', name: 'web' }, destination: { namespace: 'shop', name: 'ratings' }, isToService: true },
    { source: undefined, destination: { namespace: 'shop', name: 'ratings' }, isToService: false },
    { source: undefined, destination: { namespace: 'shop', name: 'db' }, isToService: true },
  ]);
  expect([window.text, at]).toEqual(['25h', MEASURED_AT * 1_000]);
});

test.each([
  ['a source without a label', 'source_workload', { source: undefined }],
  ['a source without a namespace', 'source_workload_namespace', { source: undefined }],
  ['a service without a label', 'destination_service_name', { isToService: false }],
])('%s is unknown', (_, label, expected) => {
  for (const drop of [(metric: any) => delete metric[label], (metric: any) => { metric[label] = ''; }, (metric: any) => { metric[label] = 'unknown'; }]) {
    expect(read(answer((__, [, { metric }]) => void drop(metric))).calls).toMatchObject([expected]);
  }
});

test('finds proxies by the pod names of each kind', () => {
  const measured = read(prometheusAnswer({ scraped: { 'Deployment shop/ratings': 1, 'StatefulSet shop/db': 0.5 } }));
  const part = (kind: string, name: string) => scrapedPart(measured, { kind, namespace: 'shop', name });
  expect([part('Deployment', 'ratings'), part('Rollout', 'ratings'), part('StatefulSet', 'db')]).toEqual([1, 1, 0.5]);
  expect([part('DaemonSet', 'ratings'), part('Deployment', 'db'), part('CronJob', 'ratings'), part('WorkloadEntry', 'ratings'), part('Clone', 'ratings')]).toEqual([0, 0, 0, 0, 0]);
  expect(scrapedPart(measured, { ...ratings, namespace: 'other' })).toBe(0);
});

test('ignores proxies with other pod names', () => {
  expect(read(answer((_, samples) => { delete samples[2].metric.workload; })).scraped.size).toBe(0);
});

test.each<[string, unknown, string]>([
  ['no JSON', '{"status": "success",\n "data": }', 'calls.json:2:10: not JSON; expected a response of Prometheus\' HTTP API'],
  ['a text that ends early', '{"status": "success', 'calls.json:1:'],
  ['nothing', '', 'calls.json:1:1: not JSON'],
  ['a page of HTML', '<html>', 'calls.json:1:1: not JSON'],
  ['deep nesting', '['.repeat(200), 'calls.json:1:'],
  ['another document', [], 'calls.json: status is something else; expected success'],
  ['an error', { status: 'error', errorType: 'timeout', error: 'query timed out' }, 'calls.json: status is error; expected success'],
  ['warnings', answer((whole) => { whole.warnings = ['fetch failed: store is down']; }), 'calls.json: warnings say that the result may be incomplete; expected none'],
  ['a matrix', answer((whole) => { whole.data.resultType = 'matrix'; }), 'data.resultType is matrix; expected vector'],
  ['no result', { status: 'success', data: { resultType: 'vector' } }, 'data.result isn\'t a list'],
  ['an empty result', { status: 'success', data: { resultType: 'vector', result: [] } }, 'data.result isn\'t a result of the query'],
  ['a result of another query', answer((_, samples) => { samples.splice(0, 1); }), 'data.result isn\'t a result of the query'],
  ['a result of another version', answer((_, [marker]) => { marker.metric.istio_mtls = 'query-0'; }), 'data.result isn\'t a result of the query'],
  ['a window that isn\'t one', answer((_, [marker]) => { marker.metric.window = '25 h'; }), 'data.result isn\'t a result of the query'],
  ['a part that isn\'t of the query', answer((_, [, call]) => { call.metric.istio_mtls = 'cal'; }), 'data.result[1] isn\'t a result of the query'],
  ['a sample without a part', answer((_, [, call]) => { delete call.metric.istio_mtls; }), 'data.result[1] isn\'t a result of the query'],
  ['a sample of another window', answer((_, [, , proxy]) => { proxy.metric.window = '1h'; }), 'data.result[2] has another window or time; expected those of data.result[0]'],
  ['a sample of another time', answer((_, [, , proxy]) => { proxy.value[0] -= 1; }), 'data.result[2] has another window or time'],
  ['two markers', answer((_, samples) => { samples.push({ metric: { ...samples[0].metric, x: '1' }, value: [1, '1'] }); }), 'data.result[3] has another window or time'],
  ['a sample twice', answer((_, samples) => { samples.push(samples[1]); }), 'data.result[3] has the same labels as an earlier sample; expected unique labels'],
  ['no labels', answer((_, samples) => { samples[1].metric = null; }), 'data.result[1].metric isn\'t a mapping of labels'],
  ['a label that is no text', answer((_, samples) => { samples[1].metric.source_workload = 1; }), 'data.result[1].metric isn\'t a mapping of labels'],
  ['a sample of a matrix', answer((_, samples) => { delete samples[1].value; }), 'data.result[1].value has no time'],
  ['a sample that is none', answer((_, samples) => { samples[1] = 'x'; }), 'data.result[1].metric isn\'t a mapping'],
  ['a time that no calendar has', answer((_, samples) => { samples[1].value[0] = 1e20; }), 'data.result[1].value has no time'],
  ['NaN', answer((_, samples) => { samples[2].value[1] = 'NaN'; }), 'data.result[2].value is NaN; expected a finite number, 0 or more'],
  ['+Inf', answer((_, samples) => { samples[2].value[1] = '+Inf'; }), 'data.result[2].value is +Inf; expected a finite number, 0 or more'],
  ['Infinity', answer((_, samples) => { samples[2].value[1] = 'Infinity'; }), 'data.result[2].value is Infinity'],
  ['a negative value', answer((_, samples) => { samples[2].value[1] = '-1'; }), 'data.result[2].value is -1'],
  ['no value', answer((_, samples) => { samples[2].value[1] = ''; }), 'data.result[2].value is something else'],
  ['a value that is no text', answer((_, samples) => { samples[2].value[1] = 1; }), 'data.result[2].value is something else'],
  ['a server without a name', answer((_, samples) => { delete samples[1].metric.destination_workload; }), 'data.result[1].metric doesn\'t name the server; expected destination_workload'],
  ['an unknown server', answer((_, samples) => { samples[1].metric.destination_workload_namespace = 'unknown'; }), 'data.result[1].metric doesn\'t name the server'],
  ['an old measurement', prometheusAnswer({ at: MEASURED_AT - 25 * 3_600 }), 'was measured at 2025-12-30T20:00:00.000Z; expected a time within 25h, its window, before 2026-01-01'],
  ['one of the future', prometheusAnswer({ at: MEASURED_AT + 2 * DAY }), 'was measured at 2026-01-02T21:00:00.000Z; expected no later than 2026-01-01'],
])('refuses %s', (_, given, message) => {
  expect(() => read(given)).toThrow(MeasurementError);
  expect(() => read(given)).toThrow(message);
  expect(() => read(given)).toThrow('Fix: fetch it again as described in istio-mtls plan --help.');
});

test('errors don\'t quote the file', () => {
  const secret = 'c2VjcmV0 c2VjcmV0';
  for (const given of [`{"a": "${secret}`, { status: secret }, answer((whole) => { whole.data.resultType = secret; }), answer((whole) => { whole.warnings = [secret]; })]) {
    expect(() => read(given)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('c2VjcmV0') }));
  }
});

test('a measurement may be as old as its window, and no later than today', () => {
  expect(read(prometheusAnswer({ window: '2d', at: MEASURED_AT - 25 * 3_600 })).window.seconds).toBe(2 * DAY);
  expect(read(prometheusAnswer({ at: MEASURED_AT + DAY })).calls).toEqual([]);
});

test.each([['1h', 3_600], ['25h', 90_000], ['7d', 604_800], ['2w', 1_209_600], ['90d', 7_776_000], ['91d', undefined], ['0h', undefined], ['30m', undefined], ['1.5h', undefined], ['', undefined], ['25h ', undefined], ['1e3h', undefined], ['9999w', undefined]])(
  'a window of %j lasts %p seconds', (text, seconds) => {
    expect(measuredWindow(text)?.seconds).toBe(seconds);
  },
);
