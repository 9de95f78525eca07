// The pages of the API's reference in docs/api/, and which types each has: by the files that declare them.
const CONSTRUCTS = 'src/constructs';
const INTEGRATION = 'src/integration';

/** The first page with one of these files, or a folder of them, has the type. */
const PAGES = [
  ['workloads', 'Workloads and Services', 'What other constructs take as a workload or a Service.', [`${CONSTRUCTS}/pods.ts`, `${CONSTRUCTS}/networking/services.ts`]],
  ['installation', 'The mesh', 'An installed mesh, its facts, and its mesh config.', [`${CONSTRUCTS}/installation/`, `${INTEGRATION}/mesh-facts.ts`]],
  ['security', 'Mutual TLS modes', "PeerAuthentications of the mesh, of namespaces and of workloads, and the mesh's client half.", [`${CONSTRUCTS}/security/`]],
  ['authorization', 'Callers and end users', 'AuthorizationPolicies and RequestAuthentications: declared calls, callers, and tokens.', [`${CONSTRUCTS}/authorization/`]],
  ['networking', 'Traffic', 'DestinationRules, VirtualServices, ServiceEntries and Sidecars: client TLS, routes, external services and machines.', [`${CONSTRUCTS}/networking/`]],
  ['certificates', 'Certificates', "istiod's CA, its rotation, and istio-csr.", [`${CONSTRUCTS}/certificates/`]],
  ['monitoring', 'Monitoring', 'ServiceMonitors, PodMonitors and alerts.', [`${CONSTRUCTS}/monitoring/`]],
  ['rules', 'Rules', 'The codes of findings.', [`${INTEGRATION}/mtls-rule.ts`]],
  ['results', 'Results of the analysis', 'What the analysis returns: connections, findings, explanations, differences, plans and reports.', [
    ...['connection', 'explanation', 'finding', 'hop', 'left-out-connections', 'mesh-diff', 'mesh-plan'].map((file) => `${INTEGRATION}/${file}.ts`),
    'MtlsReport', 'MtlsAssumption',
  ]],
  ['analysis', 'The analysis', 'Admission, the analysis, its options and reporters, changes to try, expectations and acknowledgements.', [`${CONSTRUCTS}/analysis/`, `${INTEGRATION}/`]],
].map(([name, title, about, sources]) => ({ file: `${name}.md`, title, about, sources }));

/** What a program passes to the analysis, though the files of results declare it. */
const PASSED = new Set(['ConnectionQuery']);

/** @param type of the assembly that jsii writes */
function pageOfType({ name, locationInModule: { filename } }) {
  const isOf = ({ sources }) => sources.some((source) => (source.endsWith('/') ? filename.startsWith(source) : source === filename || source === name));
  const page = PASSED.has(name) ? PAGES[PAGES.length - 1] : PAGES.find(isOf);
  if (!page) throw new Error(`${name} of ${filename} has no page; expected one in PAGES of tools/api-pages.cjs`);
  return page;
}

module.exports = { PAGES, pageOfType };
