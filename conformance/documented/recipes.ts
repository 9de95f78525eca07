// What each documented line is run in, and what must come of it. A line without a recipe is a failure of the part.
import { TOKEN } from './merge-request-notes';
import { SOUND, filesOf, meshWidePolicy, oldNamePolicy, otherMeshConfig, podWebhook, type Variant } from './shop';
import type { Ran, Site } from './site';
import type { Surroundings } from './surroundings';

/** One run of a line, and what tells that it did what the page says. */
export interface Trial {
  readonly about: string;
  /** The mesh of the chart, the overlay and the manifests. */
  readonly variant?: Variant;
  readonly files?: Readonly<Record<string, string>>;
  readonly before?: (surroundings: Surroundings) => Promise<void>;
  readonly status: number;
  /** What it prints. */
  readonly prints?: RegExp;
  readonly lacks?: RegExp;
  /** A file that it writes, or another that must come of it. */
  readonly file?: (site: Site, surroundings: Surroundings) => string;
  readonly holds?: RegExp;
  /** A line of the same page that reads what it wrote. */
  readonly then?: { readonly line: string; readonly status: number; readonly prints?: RegExp; readonly lacks?: RegExp };
}

export interface Recipe {
  readonly pattern: RegExp;
  readonly trials: readonly Trial[];
  /** Those that must fail when the line lacks Helm's own namespace. */
  readonly isOfRelease?: boolean;
}

const BROKEN: Variant = { host: 'ratings', tls: 'DISABLE', isWhole: true };
/** Sound by itself, and broken beside the cluster's STRICT server. */
const BESIDE: Variant = { host: 'payments', tls: 'ISTIO_MUTUAL', isWhole: false };
const BROKEN_BESIDE: Variant = { ...BESIDE, tls: 'DISABLE' };
const REFUSED: Variant = { ...SOUND, tls: 'MUTAUL' };

const testsOf = (service: string) => ({ 'mesh-tests.yaml': `tests:\n  - { from: shop/web, to: ${service}, is: mtls }\n` });

const CHECKED: readonly Trial[] = [
  { about: 'a sound mesh', variant: SOUND, status: 0, prints: /^ +1 +mtls [^]*: no errors\.$/m },
  { about: 'a broken mesh', variant: BROKEN, status: 1, prints: /DestinationRule shop\/client-tls\n +✖ error .* MTLS101$/m },
];
const CHECKED_BESIDE: readonly Trial[] = [
  { about: 'a sound change', variant: BESIDE, status: 0, prints: /^ +[1-9]\d* +mtls [^]*^5 objects in 1 file, beside \d+ objects taken as given: no errors/m },
  { about: 'a change that breaks calls to the cluster', variant: BROKEN_BESIDE, status: 1, prints: /DestinationRule shop\/client-tls\n +✖ error .* MTLS101\n[^]*payments\.shop\.svc/ },
];
const VALIDATED: readonly Trial[] = [
  { about: 'valid manifests', variant: SOUND, status: 0, prints: /^6 objects in 1 file: nothing refused\.$|"objects": 6,\n +"refused": 0,/m },
  { about: 'a mode that does not exist', variant: REFUSED, status: 1, prints: /ADMIT204/ },
];

export const RECIPES: readonly Recipe[] = [
  { pattern: /^(helm template shop \.\/chart|kustomize build overlays\/prod)\b.*\| istio-mtls check\b(?!.*--with)/, isOfRelease: true, trials: CHECKED },
  { pattern: /^(helm template shop \.\/chart|kustomize build overlays\/prod)\b.*\| istio-mtls check\b.*--with cluster\.(yaml|json)$/, isOfRelease: true, trials: CHECKED_BESIDE },
  { pattern: /^(helm template shop \.\/chart|kustomize build overlays\/prod)\b.*\| istio-mtls validate\b/, trials: VALIDATED },
  {
    pattern: /^helm template shop \.\/chart\b.*\| istio-mtls test mesh-tests\.yaml -n shop -$/,
    isOfRelease: true,
    trials: [
      { about: 'a mesh as expected', variant: SOUND, files: testsOf('shop/ratings:9080'), status: 0, prints: /^1 test in mesh-tests\.yaml: 1 passed/m },
      { about: 'another mesh than expected', variant: BROKEN, files: testsOf('shop/ratings:9080'), status: 1, prints: /1 test in mesh-tests\.yaml: 1 failed/ },
    ],
  },
  {
    pattern: /^helm template shop \.\/chart\b.*\| istio-mtls test mesh-tests\.yaml -n shop - --with cluster\.yaml$/,
    isOfRelease: true,
    trials: [
      { about: 'a mesh as expected', variant: BESIDE, files: testsOf('shop/payments:8080'), status: 0, prints: /^1 test in mesh-tests\.yaml: 1 passed/m },
      { about: 'another mesh than expected', variant: BROKEN_BESIDE, files: testsOf('shop/payments:8080'), status: 1, prints: /1 test in mesh-tests\.yaml: 1 failed/ },
    ],
  },
  {
    pattern: /^helm template shop \.\/chart\b.*\| istio-mtls diff rendered\.yaml - -n shop$/,
    isOfRelease: true,
    trials: [
      { about: 'nothing changed', variant: SOUND, status: 0, prints: /1 connection unchanged/ },
      { about: 'a change that breaks calls', variant: BROKEN, status: 1, prints: /^✖ 1 +mtls → broken$/m },
    ],
  },
  {
    pattern: /^helm template istiod manifests\/charts\/istio-control\/istio-discovery\b.*\| istio-mtls check -$/,
    trials: [{ about: "Istio's chart", status: 0, prints: /^\d\d objects in 1 file: no errors\.$/m }],
  },
  {
    pattern: /^kubectl get ns,svc,deploy,.* -A -o yaml > cluster\.yaml$/,
    trials: [{ about: 'what the cluster holds', status: 0, file: (site) => site.read('cluster.yaml'), holds: /kind: PeerAuthentication[^]*name: payments/, then: { line: 'istio-mtls connections cluster.yaml', status: 0, prints: /shop\/web|batch\/report/ } }],
  },
  {
    pattern: /^kubectl get namespaces,services,deployments -A -o yaml$/,
    trials: [{ about: 'what the cluster holds', status: 0, prints: /istio-injection: enabled/ }],
  },
  {
    pattern: /^kubectl get peerauthentications,destinationrules,virtualservices -A -o yaml \| istio-mtls adopt - > main\.ts$/,
    trials: [{ about: "the cluster's policies", status: 0, prints: /^1 object by constructs/m, file: (site) => site.read('main.ts'), holds: /from 'cdk8s-istio-mtls'[^]*payments/ }],
  },
  { pattern: /^kubectl get peerauthentications -A$/, trials: [{ about: "the cluster's policies", status: 0, prints: /^shop +payments +STRICT/m }] },
  {
    pattern: /^kubectl get peerauthentications -n istio-system$/,
    trials: [ // the last leaves the cluster as it was, here and below
      { about: 'a policy for the whole mesh', before: ({ site }) => applied(site, meshWidePolicy()), status: 0, prints: /^default +STRICT/m },
      { about: 'none', before: ({ site }) => site.must('kubectl delete peerauthentication default -n istio-system'), status: 0, prints: /^No resources found in istio-system namespace\.$/m },
    ],
  },
  {
    pattern: /^kubectl get configmap istio -n istio-system -o yaml$/,
    trials: [
      { about: "another mesh config than Istio's", before: ({ site }) => applied(site, otherMeshConfig()), status: 0, prints: /^ +enableAutoMtls: false$/m },
      { about: 'no mesh config', before: ({ site }) => site.must('kubectl delete configmap istio -n istio-system'), status: 1, prints: /configmaps "istio" not found/ },
    ],
  },
  {
    pattern: /^kubectl get mutatingwebhookconfigurations$/,
    trials: [
      { about: 'the injector and another webhook', before: ({ site }) => webhooksApplied(site), status: 0, prints: /^istio-sidecar-injector +1 [^]*^other-webhook +1 /m },
      { about: 'no webhook', before: ({ site }) => site.must('kubectl delete mutatingwebhookconfigurations --all'), status: 0, prints: /^No resources found$/m, lacks: /injector/ },
    ],
  },
  { pattern: /^kubectl get service -n istio-system --show-labels$/, trials: [{ about: "istiod's Service", status: 0, prints: /^istiod .*app=istiod$/m }] },
  {
    pattern: /^kubectl get secret istio-ca-secret cacerts -n istio-system --ignore-not-found$/,
    trials: [{ about: 'both Secrets', status: 0, prints: /^istio-ca-secret [^]*^cacerts /m }],
  },
  { pattern: /^kubectl get secret istio-ca-secret -n istio-system -o jsonpath=\S+ \| base64 -d$/, trials: [{ about: "istiod's root", status: 0, prints: /^-----BEGIN CERTIFICATE-----\n[^]*-----END CERTIFICATE-----\n$/ }] },
  { pattern: /^kubectl get secret cacerts .*\| istio-mtls ca inspect -$/, trials: [{ about: "the cluster's CA", status: 0, prints: /plugged root/ }] },
  { pattern: /^kubectl get configmap istio-ca-root-cert .*\| istio-mtls ca inspect -$/, trials: [{ about: 'the roots of a namespace', status: 0, prints: /istiod root/ }] },
  { pattern: /^kubectl get secret cacerts .*\| istio-mtls ca rotate --from - --to new-ca\/ -o markdown$/, trials: [{ about: "from the cluster's CA to another", status: 0, prints: /plugged root[^]*new root/ }] },
  {
    pattern: /^kubectl get authorizationpolicies,\S+ -A -o yaml \| grep -nF 'old\.example\/'$/,
    trials: [
      { about: 'the old name is gone', before: ({ site }) => site.must('kubectl delete authorizationpolicies --all -A'), status: 1, lacks: /old\.example/ },
      { about: 'the old name is there', before: ({ site }) => applied(site, oldNamePolicy()), status: 0, prints: /^\d+:.*old\.example\/ns\/shop/ },
    ],
  },
  {
    pattern: /^curl -fsS "\$PROMETHEUS\/api\/v1\/query" .*> calls\.json$/,
    trials: [
      {
        about: 'nobody sends plaintext',
        before: ({ prometheus }) => prometheus.called({ name: 'web', namespace: 'shop', security: 'mutual_tls' }),
        status: 0,
        file: (site) => site.read('calls.json'),
        holds: /"status":"success"/,
        then: { line: 'istio-mtls plan to-strict --calls calls.json cluster.yaml', status: 1, lacks: /seen/ },
      },
      {
        about: 'a workload sends plaintext',
        before: ({ prometheus }) => prometheus.called({ name: 'report', namespace: 'batch', security: 'none' }),
        status: 0,
        file: (site) => site.read('calls.json'),
        holds: /"source_workload":"report"/,
        then: { line: 'istio-mtls plan to-strict --calls calls.json cluster.yaml', status: 1, prints: /batch\/report → catalog\.shop\.svc\.cluster\.local:8080 .*seen/ },
      },
    ],
  },
  {
    pattern: /^curl --fail .*"PRIVATE-TOKEN: \$GITLAB_TOKEN".*"\$notes"$/,
    trials: [{ about: 'a note on a merge request', status: 0, files: { 'diff.md': 'what changes\n' }, file: (_site, { notes }) => notes.bodies.join(''), holds: /name="body"[^]*what changes/ }],
  },
];

async function applied(site: Site, object: object): Promise<void> {
  site.write({ 'object.json': JSON.stringify(object) });
  await site.must('kubectl apply -f object.json');
}

async function webhooksApplied(site: Site): Promise<void> {
  for (const name of ['istio-sidecar-injector', 'other-webhook']) await applied(site, podWebhook(name));
}

/** What is wrong with a line under a trial. */
export async function problemsOf(line: string, trial: Trial, surroundings: Surroundings): Promise<readonly string[]> {
  const { site, prometheus, notesUrl } = surroundings;
  if (trial.variant) site.write(filesOf(trial.variant));
  if (trial.files) site.write(trial.files);
  await trial.before?.(surroundings);
  const ran = await site.run(line, { PROMETHEUS: prometheus.url, GITLAB_TOKEN: TOKEN, notes: notesUrl });
  return [
    ...problemsIn(ran, trial),
    ...trial.holds && !trial.holds.test(trial.file?.(site, surroundings) ?? '') ? [`what it writes lacks ${trial.holds}`] : [],
    ...trial.then ? problemsIn(await site.run(trial.then.line), trial.then).map((problem) => `then ${trial.then?.line}: ${problem}`) : [],
  ];
}

function problemsIn({ status, out, error }: Ran, { status: expected, prints, lacks }: Pick<Trial, 'status' | 'prints' | 'lacks'>): readonly string[] {
  const text = out + error;
  return [
    ...status === expected ? [] : [`it ended with ${status}, expected ${expected}`],
    ...prints && !prints.test(text) ? [`it doesn't print ${prints}`] : [],
    ...lacks?.test(text) ? [`it prints ${lacks}`] : [],
  ].map((problem) => `${problem}:\n${text.trim().replace(/^/gm, '    ').slice(0, 2000)}`);
}
