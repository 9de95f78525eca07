import type { CaFacts } from './cas';
import { signsText } from './reloads';

/** The section of docs/conformance.md, from the facts of one run. */
export function section({ cas, shown, refused, accepted, rejected, rejectedElsewhere, istiods, starts, commands, seed }: CaFacts): string {
  return [
    '## CAs', '',
    `${cas} CAs were made at random (seed ${seed}), most of them broken in one way, and each was shown to istiod's own code as four files, and as a TLS Secret with and without the end of the last line: ${shown} in all. It does not start with ${refused} of them, those of which the library says so. For the others it signed a workload's certificate, of which \`openssl verify\` said what a peer would, of servers and of clients: ${accepted} are accepted and ${rejected} rejected, as the library says. ${rejectedElsewhere} of those accepted are so only since Envoy trusts an intermediate certificate for a root; OpenSSL by itself rejects them, and the library says that, too.`, '',
    'A real istiod ran with each form of a CA, beside a kube-apiserver, with the files mounted as the kubelet mounts a Secret. It signed a workload\'s key over its gRPC service, for a token of the API server. Then the files were changed. The signer and the roots are what the workload got; the metric is the root whose end `citadel_server_root_cert_expiry_timestamp` tells; the last column has the roots that by themselves lead to the certificate, by openssl.', '',
    '| form | `ISTIO_MULTIROOT_MESH` | change | taken | istiod says | signer | roots | metric | accepted by |',
    '|---|---|---|---|---|---|---|---|---|',
    ...istiods.flatMap(({ form, multiRoot, steps }) => steps.map(({ change, taken, log, signer, roots, metric, accepted: by }) =>
      `| \`${form}\` | ${multiRoot} | ${change} | ${taken ? 'yes' : 'no'} | ${log.map((line) => `\`${line}\``).join(', ')} | ${signer} | ${roots.join(', ')} | ${metric} | ${by.join(', ')} |`)),
    '', 'What a real istiod says of Secrets that are wrong:', '',
    '| the Secret has | istiod |', '|---|---|',
    ...starts.map((start) => `| ${start.about} | ${start.refused === undefined ? signsText(start) : `ends: \`${start.refused}\``} |`),
    '', 'These commands of [custom-ca.md](custom-ca.md#questions) were run in that cluster, or are istioctl\'s by its own help:', '',
    ...commands.map((command) => `- \`${command}\``),
  ].join('\n');
}
