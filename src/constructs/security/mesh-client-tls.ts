import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { MtlsMode } from './peer-authentication';
import * as networking from '../../../imports/networking.istio.io';
import { refusal } from '../../findings/refusal';
import { MeshFacts } from '../../integration/mesh-facts';
import { checkHost } from '../networking/destination-host';
import { refuseNonText, refusing } from '../refuse';

/** The client half of mesh-wide mutual TLS, for meshes without auto mTLS. */
export interface MeshClientTls {
  /**
   * Hosts without a sidecar, such as `kubernetes.default.svc.cluster.local` or `*.legacy.svc.cluster.local`, which clients
   * call without mutual TLS. Fully qualified names under `.local`, or under `.svc.<domain>` if the cluster domain of
   * IstioMesh isn't under `.local`. Each emits a DestinationRule with mode DISABLE in the root namespace, which takes
   * precedence over the rule for all hosts.
   *
   * @default - no exceptions
   */
  readonly exceptHosts?: string[];
}

interface MeshClientRules extends MeshClientTls {
  readonly mode: MtlsMode;
  readonly rootNamespace: string;
}

export function emitMeshClientRules(scope: Construct, rules: MeshClientRules): void {
  const { mode, rootNamespace, exceptHosts = [] } = rules;
  const clusterDomain = MeshFacts.of(scope).read('clusterDomain', { kind: 'DestinationRule', path: scope.node.path });
  if (mode === MtlsMode.DISABLE) {
    throw refusal({
      code: 'API015',
      kind: 'DestinationRule',
      name: `${rootNamespace}/default`,
      path: scope.node.path,
      field: 'clientTls',
      actual: 'given with mode DISABLE',
      expected: 'mode STRICT or PERMISSIVE',
      because: 'clients would send mutual TLS to servers that accept only plaintext',
      fix: "remove 'clientTls', or use another mode",
    });
  }
  const emit = (id: string, name: string, host: string, tlsMode: string) => new ApiObject(scope, id, {
    ...networking.DestinationRule.GVK,
    metadata: { namespace: rootNamespace, name },
    spec: { host, trafficPolicy: { tls: { mode: tlsMode } } },
  });
  const everyHost = clusterDomain.endsWith('.local') ? '*.local' : `*.svc.${clusterDomain}`;
  emit('ClientRule', 'default', everyHost, 'ISTIO_MUTUAL');
  for (const host of new Set(exceptHosts)) {
    checkCovered(scope, { rootNamespace, everyHost }, host);
    emit(`ClientException-${host}`, exceptionName(host), host, 'DISABLE');
  }
}

/** The names for wildcards and for hosts never collide; Kubernetes accepts only lowercase letters. */
function exceptionName(host: string): string {
  return (host.startsWith('*') ? `exceptions${host.slice(1)}` : `except-${host}`).toLowerCase();
}

function checkCovered(scope: Construct, { rootNamespace, everyHost }: { rootNamespace: string; everyHost: string }, host: string): void {
  const refuse = refusing('DestinationRule', scope.node.path);
  refuseNonText('clientTls.exceptHosts', host, 'API014', refuse);
  const suffix = everyHost.slice(1);
  if (host !== everyHost && host.endsWith(suffix)) return checkHost(host, refuse);
  throw refusal({
    code: 'API014',
    kind: 'DestinationRule',
    name: `${rootNamespace}/default`,
    path: scope.node.path,
    field: 'clientTls.exceptHosts',
    actual: `'${host}'`,
    expected: `a fully qualified host name under ${suffix}`,
    because: `the rule covers ${everyHost}, and Istio would resolve a short name in namespace ${rootNamespace}`,
    fix: 'write the full name, such as '
      + `'${host.split('.')[0].replace('*', 'legacy') || 'legacy'}.my-namespace${suffix === '.local' ? '.svc.cluster.local' : suffix}'`,
  });
}
