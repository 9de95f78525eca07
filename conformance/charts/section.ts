import type { ChartFacts } from './charts';

/** The section of docs/conformance.md, from the facts of one run. */
export function section({ istio, helm, rendered, faults }: ChartFacts): string {
  return [
    '## Charts', '',
    `What \`IstioCsr\` and \`MeshConfig\` emit for Istio's charts, rendered with the charts of \`istio.io/istio ${istio}\`: the values by the code of \`helm install\` (\`helm.sh/helm/v4 ${helm}\`), the IstioOperators by \`istioctl manifest generate\`. In what is rendered:`, '',
    '- istiod\'s own CA is off; its injector makes a sidecar and a gateway that ask istio-csr, with the name of the cluster and the trust domain, and ztunnel asks it, too. Of several revisions its chart is told its own beside `ztunnelHelmValues`, as [istio-csr.md](istio-csr.md#what-is-set-and-why) says;',
    '- istiod\'s code reads the same mesh config from the chart\'s ConfigMap as from that of `MeshConfig`, all defaults included, and the trust domain is in it;',
    '- istiod mounts the Secret that the Certificate writes, and the Certificate has the names of its Service, and those by which proxies and the webhooks call it;',
    '- both files of values make the same in either order;',
    '- the webhooks take the pods that get a sidecar by `MtlsAnalysis`: those of namespaces labelled `istio-injection: enabled`, and pods labelled `sidecar.istio.io/inject: "true"`, only where istiod has no revision; with one, `MtlsAnalysis` leaves these undecided;',
    '- `MtlsAnalysis` finds nothing.', '',
    '| istiod | objects, by Helm | by istioctl |', '|---|---|---|',
    ...rendered.map(({ about, objects }) => `| ${about} | ${objects.helm} | ${objects.istioctl} |`),
    '', 'These faults were made in what is emitted, and seen in both:', '',
    '| fault | seen as |', '|---|---|',
    ...faults.map(({ about, seen }) => `| ${about} | ${seen.map((start) => `\`${start} …\``).join(', ')} |`),
    '', 'Nothing is installed: neither istio-csr nor its chart is rendered or runs, and no cluster sees the objects.',
  ].join('\n');
}
