import type { AdmissionFacts, JudgedCount } from './admission';
import { kubernetesObjects } from '../generators/objects/kubernetes';

/** The section of docs/conformance.md, from the facts of one run. */
export function section(facts: AdmissionFacts): string {
  const { seed, objects, differences, admitted, refusedByApiServer, refusedByWebhook, kinds, mistakes, sabotages } = facts;
  const table = (head: string, counts: Readonly<Record<string, JudgedCount>>) => [
    `| ${head} | objects | admitted | refused |`, '|---|---|---|---|',
    ...Object.entries(counts).sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, count]) => `| ${name} | ${count.objects} | ${count.admitted} | ${count.objects - count.admitted} |`),
  ];
  const kubernetes = kubernetesObjects();
  return [
    '## Admission', '',
    `${objects} objects (seed ${seed}) were created in a live kube-apiserver, as a dry run with strict field validation, and what it admitted was shown to istiod's validating webhook. ${admitted} were admitted, ${refusedByApiServer} refused by the API server, ${refusedByWebhook} by the webhook. The library's verdict differed on ${differences}.`, '',
    'Half of the objects are made from the CRDs\' schemas, half from the samples and test data that Istio ships. Fields count too: the library must name those that the API server names. The webhook\'s texts name none in one form; there the object is mended at each field that the library names, which must take away what istiod says, until nothing is left of it.', '',
    'Compared are sets of fields. Within metadata the API server names neither keys nor indices. Of a value of the wrong type with unknown fields in it, it names the fields and the library the value. What it refuses the webhook is never asked about, nor the library\'s part that stands for it.', '',
    `Each run also creates ${kubernetes.length} objects of ${new Set(kubernetes.map(({ kind }) => kind)).size} kinds of Kubernetes, always the same: valid but for their metadata, with names, prefixes, namespaces, labels and annotations of every form, in a Deployment's pods too. There it counts whether the API server admits an object, not which fields it names; istiod's webhook has no say in them.`, '',
    ...table('kind', kinds), '',
    'An object has none of these mistakes, or one to three:', '',
    ...table('mistake', mistakes), '',
    `The library was broken on purpose in ${Object.keys(sabotages).length} ways, one at a time, and objects of a fixed seed showed every one:`, '',
    ...Object.keys(sabotages).map((name) => `- ${name}`),
  ].join('\n');
}
