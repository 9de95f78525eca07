// Writes docs/rules/README.md: every rule of the analysis, from the catalogue. Needs a compiled lib/.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { CATALOGUE } = require('../lib/src/analysis/analysis.js');
const { stemOf } = require('../lib/src/analysis/rule.js');

const FAMILIES = [
  ['MTLS1', 'Connections'],
  ['MTLS2', 'PeerAuthentication'],
  ['MTLS3', 'DestinationRule and routes'],
  ['MTLS4', 'Injection and probes'],
  ['MTLS5', 'AuthorizationPolicy and identities'],
  ['MTLS6', 'What the manifests hold'],
  ['MTLS7', 'The CA that istiod signs with'],
  ['MTLS9', 'The analysis itself'],
];

const sections = FAMILIES.map(([prefix, heading]) => {
  const rows = CATALOGUE.filter(({ code }) => code.startsWith(prefix))
    .map((rule) => `| [${rule.code}](${stemOf(rule)}.md) | ${rule.severity} | ${rule.title} |`);
  return [`## ${heading}`, '', '| code | severity | what is wrong |', '|---|---|---|', ...rows, ''].join('\n');
});

writeFileSync(new URL('../docs/rules/README.md', import.meta.url), `# The rules of the analysis

The rules of \`istio-mtls check\`, \`MtlsAnalysis\` and the plugin for cdk8s-cli. Each page shows an example with the finding and one without; tests run both. \`istio-mtls rules CODE\` prints a page. An error breaks or exposes something, a warning has an unexpected effect, and an info is good to know. [coverage.md](coverage.md) maps the checks of Kiali and istioctl to these rules.

${sections.join('\n')}`);
