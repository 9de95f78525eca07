import { undecidedMessage, waitingText } from '../../src/analysis/waiting-text';

test.each([
  ['namespace', 'shop', 'wait for Namespace shop, which isn\'t in the manifests'],
  ['revision', 'canary', 'wait for revision canary, which isn\'t known to be installed'],
  ['template', 'custom', 'wait for what the injection template custom makes, which isn\'t modelled'],
  ['injector', 'ConfigMap istio-system/istio-sidecar-injector', 'wait for what ConfigMap istio-system/istio-sidecar-injector has injected, which isn\'t modelled'],
  ['pod-template', 'Rollout shop/web', 'wait for the pod template of Rollout shop/web, which isn\'t in the manifests'],
  ['discovery', 'shop', 'wait for the labels of Namespace shop, by which istiod reads it or not'],
  ['proxy', 'shop/web', 'wait for the proxy of a server of shop/web, which is configured elsewhere'],
  ['servers', 'shop/web', 'wait for a workload or address that serves shop/web'],
  ['destination', 'a.example.com', 'wait for the Service or ServiceEntry for a.example.com'],
  ['subset', 'v1 of web', 'wait for the DestinationRule with subset v1 of web'],
  ['certificates', 'shop/web', 'wait for ISTIO_MUTUAL in DestinationRule shop/web: no manifest says who signed certificates of one\'s own'],
  ['one-owner', 'web', 'wait for one object alone that makes web: of several it isn\'t certain which counts'],
  ['export', 'shop/web', 'wait for another exportTo than ~ of Service shop/web'],
  ['routes', 'web', 'wait for routes to web that the client\'s sidecar doesn\'t refuse (MTLS120)'],
  ['model', 'own-listener', 'are not modelled: own-listener'],
] as const)('what waits for a %s', (need, subject, text) => {
  expect(waitingText({ need, subject, connections: 2 })).toBe(text);
});

test('a single connection is one', () => {
  expect(waitingText({ need: 'namespace', subject: 'shop', connections: 1 })).toBe('waits for Namespace shop, which isn\'t in the manifests');
  expect(waitingText({ need: 'model', subject: 'delegate', connections: 1 })).toBe('is not modelled: delegate');
});

describe('the sentence by which undecided connections fail a synth', () => {
  const undecided = (count: number) => ({ connections: 9, outcomes: { undecided: count } }) as any;
  const fact = (subject: string, telling?: object) => ({ need: 'namespace', subject, connections: 2, telling }) as any;

  test('says what they wait for, and what would decide them', () => {
    const telling = { injectedNamespaces: ['shop'], installedRevisions: [], decides: 2 };
    expect(undecidedMessage(undecided(1), { facts: [fact('shop', telling)] } as any)).toBe(
      '1 of 9 connections is undecided; expected none, because failOn says so: 2 wait for Namespace shop, which isn\'t in the manifests (injectedNamespaces: [shop] decides 2)');
  });

  test('says how many more they wait for, and what decides them together', () => {
    const together = { injectedNamespaces: ['a', 'b'], installedRevisions: ['canary'], decides: 8 };
    expect(undecidedMessage(undecided(8), { facts: ['a', 'b', 'c', 'd'].map((name) => fact(name)), together } as any)).toMatch(
      /^8 of 9 connections are undecided; .*; 1 more to wait for; together injectedNamespaces: \[a, b\] and installedRevisions: \[canary\] decide 8$/);
  });
});
