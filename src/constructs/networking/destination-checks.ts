import { audienceOf, checkExportTo } from './export-to';
import { SubsetPolicy } from './subset-policy';
import { TrafficPolicy } from './traffic-policy';
import { Refuse } from '../refuse';

/** Refuses an `exportTo` that istiod refuses, which for certain clients is everything but their own namespace. */
export function checkRuleExportTo(exportTo: readonly string[] | undefined, namespace: string, forClients: boolean, refuse: Refuse): void {
  checkExportTo(exportTo, namespace, refuse);
  if (!exportTo || !forClients || [...audienceOf(exportTo, namespace) ?? ['*']].join() === namespace) return;
  throw refuse({
    code: 'MTLS032',
    field: 'exportTo',
    actual: `[${exportTo.map((entry) => `'${entry}'`).join(', ')}] for certain clients`,
    expected: "the rule's own namespace",
    because: 'a selector reaches pods of its own namespace only, and istiod refuses more',
    fix: "leave out 'exportTo'",
  });
}

/** A host's policy comes first, its subsets' after it. */
export function checkSaysSomething(policies: readonly TrafficPolicy[], refuse: Refuse): void {
  if (policies.length > 1 || !policies[0].empty) return;
  throw refuse({
    code: 'MTLS029',
    field: 'trafficPolicy',
    actual: 'missing, and so are subsets',
    expected: 'tls, connectionPool, ports or subsets',
    because: 'a rule that says nothing still hides other rules for the host',
    fix: 'pass what the rule is to say, such as tls: ClientTls.istioMutual()',
  });
}

export function checkSubsetNames(subsets: readonly SubsetPolicy[], refuse: Refuse): void {
  const names = subsets.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return;
  throw refuse({
    code: 'MTLS030',
    field: 'subsets.name',
    actual: `'${twice}' twice`,
    expected: 'unique names',
    because: 'istiod refuses a name that stands there twice',
    fix: 'rename or remove one',
  });
}

/** For a rule that holds for all clients. */
export function checkCredentials(policies: readonly TrafficPolicy[], namespace: string, refuse: Refuse): void {
  const ignored = policies.flatMap(({ tls }) => tls).find(({ _credential }) => _credential?._needsClient);
  if (!ignored) return;
  const name = ignored._credential!._render(namespace);
  throw refuse({
    code: 'MTLS026',
    field: 'tls.credentialName',
    actual: `'${name}' in a rule without workloadSelector`,
    expected: "a 'client' or 'clientLabels'",
    because: 'without them a sidecar ignores the credential and sends plaintext',
    fix: `name the client, or say ClientCredential.secret('${name}', { gatewaysOnly: true }) if only gateways call the host`,
  });
}
