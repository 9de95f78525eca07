import { toldOf } from '../../support/admission/webhook';

const told = (spec: object) => toldOf('WorkloadGroup', { template: {}, ...spec });

test('requires a template, without checking it', () => {
  expect(told({ template: undefined })).toEqual(['ADMIT413 spec.template']);
  expect(told({ template: { address: '*', labels: { a: '*' } } })).toEqual([]);
});

test('checks the labels of its workloads', () => {
  expect(told({ metadata: { labels: { a: '*' } } })).toEqual(['ADMIT406 spec.metadata.labels.a']);
});

test.each([
  ['httpGet', { httpGet: { port: 80, scheme: 'HTTPS', httpHeaders: [{ name: 'x-a' }] } }, []],
  ['tcpSocket', { tcpSocket: { port: 80 }, periodSeconds: 0 }, []],
  ['exec', { exec: { command: ['a'] } }, []],
  ['no method', {}, ['ADMIT432 spec.probe']],
  ['grpc, which the CRD knows and istiod\'s webhook doesn\'t', { grpc: { port: 80 } }, ['ADMIT432 spec.probe']],
  ['exec without a command', { exec: { command: [] } }, ['ADMIT413 spec.probe.exec.command']],
  ['tcpSocket with an invalid port', { tcpSocket: { port: 0 } }, ['ADMIT403 spec.probe.tcpSocket.port']],
  ['httpGet with invalid fields', { httpGet: { port: 0, scheme: 'http', httpHeaders: [{ name: 'x_a' }, {}] } },
    ['ADMIT403 spec.probe.httpGet.port', 'ADMIT437 spec.probe.httpGet.httpHeaders[0].name', 'ADMIT437 spec.probe.httpGet.httpHeaders[1].name', 'ADMIT442 spec.probe.httpGet.scheme']],
])('checks a probe by %s', (_, probe, expected) => {
  expect(told({ probe })).toEqual(expected);
});

test.each(['periodSeconds', 'initialDelaySeconds', 'timeoutSeconds', 'successThreshold', 'failureThreshold'])('rejects a negative %s', (field) => {
  expect(told({ probe: { tcpSocket: { port: 80 }, [field]: -1 } })).toEqual([`ADMIT412 spec.probe.${field}`]);
});
