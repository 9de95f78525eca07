import type { DocumentedFacts } from './documented';

/** The section of docs/conformance.md, from the facts of one run. */
export function section({ versions, lines, alerts, cases, faults }: DocumentedFacts): string {
  const { helm, kustomize, kubernetes, prometheus } = versions;
  return [
    '## Documented commands', '',
    `Each line of Helm, kustomize, kubectl and curl in README.md, the pages of docs/, the docstrings and the verbs' help is run as it is printed, by the real programs: Helm ${helm}, kustomize ${kustomize}, kubectl and a kube-apiserver ${kubernetes}, and a Prometheus ${prometheus} that scrapes a small exporter of Istio's metrics. Each exit code, and a part of the output that only a working pipe prints, must be as expected, also where the mesh is broken on purpose. A line that the suite can't prepare fails the run.`, '',
    '| line | run with |', '|---|---|',
    ...lines.map(({ text, trials }) => `| \`${text.replaceAll('|', '\\|')}\` | ${trials.join('; ')} |`), '',
    `The alerts of \`MtlsAlerts\` are what \`promtool test rules\` is shown, in ${cases} cases: ${alerts.map((alert) => `\`${alert}\``).join(', ')}. Each fires with its texts filled in, and is silent in healthy cases and before its delay has passed.`, '',
    'These faults were made, and found:', '',
    ...faults.map((fault) => `- ${/^helm /.test(fault) ? `\`${fault}\`` : fault}`),
  ].join('\n');
}
