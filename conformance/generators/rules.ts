// DestinationRules of every host form, in every namespace, with ports, subsets, selectors and audiences.
import fc from 'fast-check';
import { exportTo, maybe, namespace, objects, present, ruleHost, selector, servicePort, spelled, version } from './words';

const CERTIFICATES = { clientCertificate: '/c.pem', privateKey: '/k.pem', caCertificates: '/ca.pem' };

const tls = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ mode: 'DISABLE' }) },
  { weight: 4, arbitrary: fc.constant({ mode: 'ISTIO_MUTUAL' }) },
  { weight: 2, arbitrary: fc.constant({ mode: 'SIMPLE' }) },
  { weight: 1, arbitrary: fc.constant({ mode: 'MUTUAL', ...CERTIFICATES }) },
  { weight: 1, arbitrary: fc.constant({ mode: 'SIMPLE', credentialName: 'secret' }) },
  { weight: 1, arbitrary: fc.constant({}) },
);
const loadBalancer = fc.constantFrom({ simple: 'ROUND_ROBIN' }, { simple: 'ROUND_ROBIN' }, { simple: 'PASSTHROUGH' });
const settings = fc.oneof(
  { weight: 5, arbitrary: tls.map((own) => ({ tls: own })) },
  { weight: 2, arbitrary: loadBalancer.map((own) => ({ loadBalancer: own })) },
  { weight: 1, arbitrary: fc.record({ tls, loadBalancer }) },
);

/** What has no place in a port's entry. */
const wide = fc.record({ own: settings, proxyProtocol: maybe(fc.constantFrom({ version: 'V1' }, {}), 16) }).map(({ own, proxyProtocol }) => present({ ...own, proxyProtocol }));

const ports = fc.uniqueArray(fc.tuple(servicePort, settings), { minLength: 1, maxLength: 2, selector: ([number]) => number })
  .map((all) => all.map(([number, own]) => ({ port: { number }, ...own })));
const policy = fc.oneof(
  { weight: 4, arbitrary: wide },
  { weight: 2, arbitrary: fc.record({ own: wide, portLevelSettings: ports }).map(({ own, portLevelSettings }) => ({ ...own, portLevelSettings })) },
  { weight: 1, arbitrary: ports.map((portLevelSettings) => ({ portLevelSettings })) },
);

const subset = fc.record({
  name: version, labels: fc.oneof(version.map((v) => ({ version: v })), fc.constant(undefined)),
  trafficPolicy: fc.option(policy, { nil: undefined, freq: 3 }),
}).map(present);
const subsets = fc.uniqueArray(subset, { minLength: 1, maxLength: 2, selector: ({ name }) => name });

const rule = fc.record({
  name: fc.constantFrom('d1', 'd2', 'd3', 'd4'), ns: namespace, host: fc.tuple(ruleHost, spelled).map(([host, spell]) => spell(host)), exportTo, trafficPolicy: fc.option(policy, { nil: undefined, freq: 5 }),
  subsets: maybe(subsets), workloadSelector: maybe(selector.map((matchLabels) => ({ matchLabels })), 5),
}).map(({ name, ns, exportTo: to, ...spec }) => ({
  apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name, namespace: ns },
  spec: present({ ...spec, exportTo: spec.workloadSelector ? undefined : to }),
}));

export const destinationRules = objects(rule, 6);
