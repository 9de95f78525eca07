import { Example, hasSidecar, RunbookContext } from './focus';
import { isDnsName, podNamesOf } from './pod-names';
import { symptomsOf } from '../../explain/explanation';
import { symptomText } from '../../explain/text/words';
import { Connection, connectionOf } from '../../mesh/calls/connections';
import { Mesh } from '../../mesh/mesh';
import { departureOf, serverOf } from '../../mesh/model/path';
import { callText, connectionText, workloadText } from '../../mesh/queries/connection-text';
import { portOf } from '../../mesh/services/service';
import { Workload } from '../../mesh/workloads/workload';
import { code, list, Section, shell } from '../output/markdown';

/** The listener, route, cluster and endpoints of a call, and the listener that accepts it. */
export function configurationOfProxies({ focus: { examples, proxies } }: RunbookContext): Section {
  const example = examples.find(({ client, path: { hops: [{ target, travel }] } }) =>
    proxies.includes(client) && target.service && travel === 'service' && isDnsName(target.host) && isDnsName(target.subset ?? 'none'));
  return {
    title: 'Configuration of the proxies: listeners, routes, clusters, endpoints',
    blocks: example ? pathBlocks(example) : [
      ...proxies.map((proxy) => shell(`istioctl proxy-config all ${podNamesOf(proxy)!.istioctl}`)),
      ...proxies.length === 0 ? ['The manifests show no call from a sidecar.'] : [],
    ],
  };
}

function pathBlocks({ client, call, path }: Example): readonly string[] {
  const { istioctl } = podNamesOf(client)!;
  const { target } = departureOf(path);
  const { endpoint } = serverOf(path);
  const protocol = portOf(call.services[0], call.port)!.protocol;
  const route = protocol === 'HTTP' ? `${call.port}` : `${call.host}:${call.port}`;
  const server = endpoint?.workload && hasSidecar(endpoint.workload) ? podNamesOf(endpoint.workload) : undefined;
  const cluster = `outbound|${target.port}|${target.subset ?? ''}|${target.host}`;
  return [
    `The call of ${code(workloadText(client))} to ${code(callText(call))}, step by step. The client's listener, `
      + 'the route if the port uses HTTP, the cluster, and its endpoints, which must be HEALTHY:',
    shell(
      `istioctl proxy-config listener ${istioctl} --port ${call.port}`,
      ...protocol === 'HTTP' || protocol === 'AUTO' ? [`istioctl proxy-config route ${istioctl} --name ${route}`] : [],
      `istioctl proxy-config cluster ${istioctl} --fqdn ${target.host} --port ${target.port}`,
      `istioctl proxy-config endpoint ${istioctl} --cluster '${cluster}'`,
    ),
    'The TLS of that cluster: `transportSocketMatches` with the name `tlsMode-istio` is auto mTLS, '
      + '`transportSocket` is the TLS of a DestinationRule; with neither, it is plaintext. The client requests the server name in `sni`, '
      + 'and requires one of the names in `matchSubjectAltNames`:',
    shell(`istioctl proxy-config cluster ${istioctl} --fqdn ${target.host} --port ${target.port} -o json | jq '.[] | {name, `
      + 'transportSocket, transportSocketMatches}\''),
    ...server ? [`What the server ${code(workloadText(endpoint!.workload!))} accepts on port ${endpoint!.port}:`, shell(
      `istioctl proxy-config listener ${server.istioctl} --port 15006 -o json | jq '.[].filterChains[] | `
        + `select(.filterChainMatch.destinationPort == ${endpoint!.port}) | .filterChainMatch'`,
    )] : [],
  ];
}

/** The sidecar's full state, from its admin interface. */
export function dumps({ focus: { proxies: [proxy] } }: RunbookContext): Section {
  return {
    title: 'A proxy\'s whole configuration',
    blocks: proxy ? [
      'Through the sidecar\'s admin interface, which listens only on the pod\'s loopback interface: '
        + 'the configuration (without private keys), the certificates with the days until they expire, and the TLS counters:',
      shell(
        `kubectl exec ${podNamesOf(proxy)!.kubectl} -c istio-proxy -- pilot-agent request GET config_dump > config_dump.json`,
        `kubectl exec ${podNamesOf(proxy)!.kubectl} -c istio-proxy -- pilot-agent request GET certs`,
        `kubectl exec ${podNamesOf(proxy)!.kubectl} -c istio-proxy -- pilot-agent request GET 'stats?filter=ssl'`,
      ),
      'istioctl can read such a file instead of a proxy, for example after the pod is gone:',
      shell('istioctl proxy-config secret --file config_dump.json', 'istioctl proxy-config cluster --file config_dump.json'),
    ] : ['The manifests show no sidecar.'],
  };
}

/** Calls to make from a pod, with the expected outcome of each. */
export function testCalls({ mesh, focus: { examples } }: RunbookContext): Section {
  const callable = examples.filter(({ client, call }) => podNamesOf(client) && isDnsName(call.host) && containerOf(client));
  return {
    title: 'A test call',
    blocks: callable.length === 0 ? ['The manifests show no call that a pod can make.'] : [
      'Call from the application\'s container or from a debug container in the same pod. Calls from the container `istio-proxy` show '
        + 'nothing, because processes of its user bypass the sidecar. If the image has no curl, add a debug container:',
      shell(`kubectl debug ${debugOf(callable[0].client)} -it --image=curlimages/curl -- sh`),
      ...callable.flatMap((example) => callBlocks(example, mesh)),
      list(
        'TCP connects even if the call fails, because the sidecar accepts every connection: only a response counts.',
        'The server\'s sidecar shows whether a call was encrypted: the label `connection_security_policy` of its metrics is `mutual_tls` '
          + 'or `none` (see the metrics below), and an HTTP server gets the header `X-Forwarded-Client-Cert` with the '
          + 'caller\'s identity only over mutual TLS.',
      ),
    ],
  };
}

function callBlocks(example: Example, mesh: Mesh): readonly string[] {
  const { client, call, path, outcome } = example;
  const connection = connectionOf(example, path);
  return [
    `${code(connectionText(connection, callText(call)))}: expect **${outcome}**${reasonsText(connection)}.${seenText(example, mesh)}`,
    shell(`kubectl exec ${podNamesOf(client)!.kubectl} -c ${containerOf(client)} -- ${callerOf(call.host, call.port, path)}`),
  ];
}

/** What the caller sees, from the same table as `istio-mtls explain`; empty if it is an answer over TLS, or isn't known. */
function seenText({ client, call, path, outcome }: Example, mesh: Mesh): string {
  const seen = symptomsOf(mesh, client, call, path).map((symptom) => symptomText(symptom));
  if (seen.length > 0) return ` The caller sees: ${seen.join('; or ')}.`;
  return outcome === 'plaintext' ? ' The caller gets a response, as with mutual TLS: see below how to tell them apart.' : '';
}

function reasonsText({ because, undecidedBecause }: Connection): string {
  const reasons = because.map(({ kind, namespace, name, field, effect }) => (
    code(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name} ${field}: ${effect}`)));
  const all = [...undecidedBecause ? [code(undecidedBecause)] : [], ...reasons];
  return all.length > 0 ? `, because of ${all.join(', ')}` : '';
}

/** A call in the protocol of its port. */
function callerOf(host: string, port: number, path: Example['path']): string {
  switch (departureOf(path).sent.kind) {
    case 'tls': return `curl -svk -m 5 -o /dev/null https://${host}:${port}/`;
    case 'tcp': return `curl -sv -m 5 telnet://${host}:${port}`;
    default: return `curl -sv -m 5 -o /dev/null -w '%{http_code}\\n' http://${host}:${port}/`;
  }
}

/** The first container of the application. */
function containerOf({ containers }: Workload): string | undefined {
  return containers.find(({ name, init, runs }) => runs && !init && name !== 'istio-proxy' && isDnsName(name))?.name;
}

/** kubectl debug takes a pod, not its workload. */
function debugOf(client: Workload): string {
  return `-n ${client.namespace} ${podNamesOf(client)!.pod}`;
}
