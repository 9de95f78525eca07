import { AdoptedMesh, duration, numberOf, Proposal, textList, textMap, stringOf, unless } from './proposal';
import { Mapping, mapping, mappings } from '../../manifests/mapping';
import { CallExpression, FieldExpressions, options } from '../expression';

/** What of a MeshMonitoring is an object, and the properties that say it, by themselves. */
const OTHERS_OFF: Readonly<Record<'istiod' | 'sidecars', FieldExpressions>> = {
  istiod: { sidecars: { enabled: false }, alerts: false },
  sidecars: { istiod: { enabled: false }, alerts: false },
};

/** @returns undefined: it isn't for istiod, by the construct's own selector */
export function istiodScraping(object: Mapping, mesh: AdoptedMesh): FieldExpressions | undefined {
  const { selector, endpoints } = mapping(object.spec);
  const { app } = mapping(mapping(selector).matchLabels);
  if (app !== 'istiod' && mapping(mappings(mapping(selector).matchExpressions)[0]).key !== 'istio.io/tag') return undefined;
  return { ...common(object, 'istiod', mesh), interval: interval(endpoints), app: unless('istiod', stringOf(app)) };
}

/** @returns undefined: it isn't for sidecars, by the construct's own selector */
export function sidecarsScraping(object: Mapping, mesh: AdoptedMesh): FieldExpressions | undefined {
  const { selector, namespaceSelector, podMetricsEndpoints } = mapping(object.spec);
  if (mapping(mappings(mapping(selector).matchExpressions)[0]).key !== 'istio-prometheus-ignore') return undefined;
  const [, port] =
    /^\$1:(\d+)$/.exec(stringOf(mapping(mappings(mapping(mappings(podMetricsEndpoints)[0]).relabelings)[0]).replacement) ?? '') ?? [];
  return {
    ...common(object, 'istio-proxies', mesh),
    interval: interval(podMetricsEndpoints),
    podNamespaces: textList(mapping(namespaceSelector).matchNames),
    statusPort: port === undefined ? undefined : unless(15020, Number(port)),
  };
}

/** A MeshMonitoring that only scrapes istiod, or only sidecars. */
export function scrapeProposal(target: 'istiod' | 'sidecars', scraped: FieldExpressions | undefined): Proposal | undefined {
  if (scraped === undefined) return undefined;
  return {
    construct: 'MeshMonitoring', takesLabels: true, member: `${target}!`, props: { [target]: options(scraped), ...OTHERS_OFF[target] },
  };
}

function interval(endpoints: unknown): CallExpression | undefined {
  const { interval: written } = mapping(mappings(endpoints)[0]);
  return written === '30s' ? undefined : duration(written);
}

function common({ metadata }: Mapping, usualName: string, { namespace: usual }: AdoptedMesh): FieldExpressions {
  const { namespace, name, labels } = mapping(metadata);
  return { namespace: unless(usual, stringOf(namespace)), name: unless(usualName, stringOf(name)), labels: textMap(labels) };
}

/** @returns undefined: it has not the alerts of MtlsAlerts */
export function alertsProposal(object: Mapping, mesh: AdoptedMesh): Proposal | undefined {
  const [group] = mappings(mapping(object.spec).groups);
  const rules = mappings(mapping(group).rules);
  if (rules[0]?.alert !== 'IstioPlaintextRequests') return undefined;
  const rule = (name: string): Mapping => mapping(rules.find((one) => one.alert === name));
  const workload = rule('IstioWorkloadCertificateExpiry');
  return {
    construct: 'MtlsAlerts',
    takesLabels: true,
    props: options({
      ...common(object, 'istio-mtls', mesh),
      plaintext: plaintext(rule('IstioPlaintextRequests')),
      workloadCertificates: options({ ...alert(workload, '10m', 'critical'), threshold: workloadThreshold(workload) }),
      workloadCertificateLifetime: workloadLifetime(workload),
      caCertificates: expiry(rule('IstioCaCertificateExpiry'), '14d', 'critical'),
      rootCertificates: expiry(rule('IstioRootCertificateExpiry'), '90d', 'warning'),
    }),
  };
}

function alert({ for: pendingFor, labels }: Mapping, usualTime: string, usualSeverity: string): FieldExpressions {
  const severity = unless(usualSeverity, stringOf(mapping(labels).severity));
  return { pendingFor: pendingFor === usualTime ? undefined : duration(pendingFor), severity };
}

function plaintext(rule: Mapping): FieldExpressions | undefined {
  const expr = stringOf(rule.expr) ?? '';
  const [, namespaces] = /destination_workload_namespace!~"([^"]*)"/.exec(expr) ?? [];
  const [, window, threshold] = /\[(\w+)\]\)\) > (\S+)$/.exec(expr) ?? [];
  return options({
    ...alert(rule, '5m', 'warning'),
    exceptNamespaces: namespaces?.split('|'),
    threshold: threshold === undefined || threshold === '0' ? undefined : numberOf(Number(threshold)),
    window: window === '5m' ? undefined : duration(window),
  });
}

const DAY = 86_400;

/** Half of the usual lifetime and more is no sensible threshold: then workload certificates live longer. */
function workloadThreshold({ expr }: Mapping): CallExpression | undefined {
  const seconds = secondsIn(expr);
  return seconds === undefined || seconds === DAY / 4 || seconds * 2 >= DAY ? undefined : CallExpression.of('Duration.seconds', seconds);
}

function workloadLifetime({ expr }: Mapping): CallExpression | undefined {
  const seconds = secondsIn(expr);
  return seconds !== undefined && seconds * 2 >= DAY ? CallExpression.of('Duration.seconds', seconds * 4) : undefined;
}

function expiry(rule: Mapping, usualThreshold: '14d' | '90d', severity: string): FieldExpressions | undefined {
  const seconds = secondsIn(rule.expr);
  const isUsual = seconds === undefined || seconds === Number(usualThreshold.slice(0, -1)) * DAY;
  return options({
    ...alert(rule, '1h', severity),
    threshold: isUsual ? undefined
      : seconds % DAY === 0 ? CallExpression.of('Duration.days', seconds / DAY)
        : CallExpression.of('Duration.seconds', seconds),
  });
}

function secondsIn(expr: unknown): number | undefined {
  const [, seconds] = / < (\d{1,12})$/.exec(stringOf(expr) ?? '') ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}
