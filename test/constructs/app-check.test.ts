import { ApiObject } from 'cdk8s';
import { Destination, MtlsMode, NamespaceOverride } from '../../src/index';
import { chartIn, synth } from '../support/constructs/charts';

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test('refuses malformed hand-written objects like the API server, without a crash', () => {
  const chart = chartIn('shop');
  const raw = (group: string, kind: string, spec: unknown) => new ApiObject(chart, kind, { apiVersion: `${group}.istio.io/v1`, kind, spec } as any);
  raw('networking', 'VirtualService', { hosts: 'a', gateways: 'b', exportTo: '*' });
  raw('networking', 'DestinationRule', { host: 5, exportTo: '*', workloadSelector: 'x' });
  raw('security', 'PeerAuthentication', { selector: { matchLabels: 'app' } });
  new NamespaceOverride(chart, 'namespace', { mode: MtlsMode.STRICT });
  new Destination(chart, 'd', { host: 'a', subsets: [{ name: 'v1', labels: { v: '1' } }] }).routeTo('v1');
  const lines = messageOf(() => synth(chart)).split('\n').slice(1);
  expect(lines).toHaveLength(7);
  expect(lines.every((line) => / (VirtualService|DestinationRule|PeerAuthentication) 'shop\/test-.*\[ADMIT202\]$/.test(line))).toBe(true);
});
