// Mistakes in sound manifests, in ways that are fixed: whether `check` says something else than without them.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Line, linesOf } from './lines';

/** A mistake in one file of a folder. */
interface Mistake {
  readonly name: string;
  readonly file: string;
  readonly make: (text: string) => string;
}

/** Folders to plant mistakes in: a mesh as it is applied, and all of Bookinfo's files, alternatives included. */
type PlantedIn = 'mesh' | 'bookinfo';

const MESH_FILES = [
  'bookinfo/platform/kube/bookinfo.yaml', 'bookinfo/networking/destination-rule-all-mtls.yaml', 'bookinfo/networking/virtual-service-all-v1.yaml',
  'httpbin/httpbin.yaml', 'curl/curl.yaml', 'helloworld/helloworld.yaml', 'tcp-echo/tcp-echo-services.yaml', 'addons/prometheus.yaml', 'addons/grafana.yaml',
];

/** What Istio's samples lack: policies for their workloads. */
const POLICIES = `apiVersion: v1
kind: Namespace
metadata: {name: default, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Namespace
metadata: {name: istio-system}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ratings, namespace: default}
spec:
  selector: {matchLabels: {app: ratings}}
  mtls: {mode: STRICT}
  portLevelMtls: {9080: {mode: PERMISSIVE}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: httpbin, namespace: default}
spec:
  selector: {matchLabels: {app: httpbin}}
  mtls: {mode: STRICT}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: default}
spec:
  selector: {matchLabels: {app: reviews}}
  action: ALLOW
  rules: [{from: [{source: {principals: [cluster.local/ns/default/sa/bookinfo-productpage]}}]}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ratings, namespace: default}
spec:
  selector: {matchLabels: {app: ratings}}
  action: ALLOW
  rules: [{from: [{source: {principals: [cluster.local/ns/default/sa/bookinfo-reviews]}}]}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: httpbin, namespace: default}
spec: {host: httpbin.default.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: httpbin, namespace: default}
spec: {hosts: [httpbin], http: [{route: [{destination: {host: httpbin, port: {number: 8000}}}]}]}
`;

/** The text with its nth match of a pattern replaced. */
function replaced(text: string, pattern: RegExp, nth: number, by: string): string {
  const found = [...text.matchAll(new RegExp(pattern, 'gm'))][nth];
  if (!found) throw new Error(`no match ${nth} of ${pattern}; expected one. Fix: look at what Istio's sample has now`);
  return text.slice(0, found.index) + found[0].replace(new RegExp(pattern, 'm'), by) + text.slice(found.index + found[0].length);
}

/** One mistake for each of the first matches of a pattern. */
function each(name: string, file: string, pattern: RegExp, by: string, count: number): Mistake[] {
  return Array.from({ length: count }, (_, nth) => ({ name: `${name} ${nth + 1}`, file, make: (text: string) => replaced(text, pattern, nth, by) }));
}

const RULES = 'bookinfo/networking/destination-rule-all-mtls.yaml';
const ROUTES = 'bookinfo/networking/virtual-service-all-v1.yaml';
const APP = 'bookinfo/platform/kube/bookinfo.yaml';
const OWN = 'policies.yaml';
const SPEC_HOST = /^(  host: )(\w)(\w+)$/;

const IN_MESH: readonly Mistake[] = [
  ...each('a rule for a mistyped host', RULES, SPEC_HOST, '$1$3', 4),
  ...each('a rule for a host of another domain', RULES, SPEC_HOST, '$1$2$3.default.svc.corp.local', 2),
  ...each('a rule for a host without its domain', RULES, SPEC_HOST, '$1$2$3.default', 2),
  ...each('a plaintext rule to STRICT servers', RULES, /mode: ISTIO_MUTUAL/, 'mode: DISABLE', 4),
  ...each('TLS of its own to STRICT servers', RULES, /mode: ISTIO_MUTUAL/, 'mode: SIMPLE', 3),
  ...each('a mode that isn\'t there', RULES, /mode: ISTIO_MUTUAL/, 'mode: ISTIO_MUTAL', 2),
  ...each('a subset that isn\'t defined', RULES, /- name: v1/, '- name: v9', 4),
  ...each('a subset of no pods', RULES, /version: v1/, 'version: v11', 4),
  ...each('a mistyped label of a subset', RULES, /version: v1/, 'verison: v1', 3),
  ...each('a mistyped field', RULES, /trafficPolicy:/, 'trafficPolcy:', 3),
  ...each('an unknown kind', RULES, /kind: DestinationRule/, 'kind: DestinationRules', 1),
  ...each('a route to a mistyped host', ROUTES, /^(        host: )(\w)(\w+)$/, '$1$3', 4),
  ...each('a route to an undefined subset', ROUTES, /subset: v1/, 'subset: v10', 4),
  ...each('a route without its destination', ROUTES, /^    - destination:/, '    - destinaton:', 2),
  ...each('another port of a route', OWN, /number: 8000/, 'number: 8001', 1),
  ...each('a mistyped host of a route', OWN, /\{host: httpbin, port/, '{host: htpbin, port', 1),
  ...each('a mistyped full host', OWN, /httpbin\.default\.svc/, 'htpbin.default.svc', 1),
  ...each('a policy for mistyped labels', OWN, /app: ratings\}\}\n  mtls/, 'app: rating}}\n  mtls', 1),
  ...each('a policy for other labels', OWN, /app: httpbin\}\}/, 'app: payments}}', 1),
  ...each('a policy for a label by another name', OWN, /app: httpbin\}\}/, 'app.kubernetes.io/name: httpbin}}', 1),
  ...each('an exception for a port that isn\'t there', OWN, /\{9080:/, '{9081:', 1),
  ...each('a mode in small letters', OWN, /mode: STRICT/, 'mode: strict', 3),
  ...each('a policy that is off for STRICT clients', OWN, /mtls: \{mode: STRICT\}\}/, 'mtls: {mode: DISABLE}}', 1),
  ...each('a mistyped principal', OWN, /sa\/bookinfo-(\w)/, 'sa/bokinfo-$1', 2),
  ...each('a principal of no account', OWN, /sa\/bookinfo-\w+/, 'sa/payments', 2),
  ...each('a principal without its namespace', OWN, /cluster\.local\/ns\/default\/sa\//, 'cluster.local/sa/', 2),
  ...each('a mistyped label of a namespace', OWN, /istio-injection: enabled/, 'istio-injection: enable', 1),
  ...each('a mistyped key of a namespace', OWN, /istio-injection: enabled/, 'istio-injecton: enabled', 1),
  ...each('a namespace without injection', OWN, /, labels: \{istio-injection: enabled\}/, '', 1),
  ...each('pods without a sidecar', APP, /^(      labels:)$/, '$1\n        sidecar.istio.io/inject: "false"', 4),
  ...each('a port around the sidecar', APP, /^(    metadata:\n)(      labels:)/, '$1      annotations: {traffic.sidecar.istio.io/excludeInboundPorts: "9080"}\n$2', 4),
  ...each('a service of another protocol', APP, /name: http$/, 'name: mysql', 2),
  ...each('a service without pods', APP, /^(  selector:\n    app: )(\w)/, '$1x$2', 2),
  ...each('a label of no meaning', APP, /^(      labels:)$/, '$1\n        sidecar.istio.io/injected: "true"', 2),
];

const STEPS = ['50-v3', '80-20', '90-10', 'jason-v2-v3', 'test-v2', 'v2-v3', 'v3'].map((step) => `bookinfo/networking/virtual-service-reviews-${step}.yaml`);

const IN_BOOKINFO: readonly Mistake[] = [
  ...STEPS.flatMap((file) => each(`a mistyped field in ${file}`, file, /^  http:/, '  htpp:', 1)),
  ...STEPS.flatMap((file) => each(`a mistyped kind of match or route in ${file}`, file, /destination:/, 'destnation:', 1)),
  ...each('a mistyped rule', 'bookinfo/networking/destination-rule-reviews.yaml', SPEC_HOST, '$1$3', 1),
  ...each('a mistyped host of a wide rule', 'bookinfo/networking/destination-rule-all.yaml', SPEC_HOST, '$1$3', 3),
  ...each('a subset that routes name', 'bookinfo/networking/destination-rule-all.yaml', /- name: v1/, '- name: one', 2),
  ...each('a weight too high', 'bookinfo/networking/virtual-service-reviews-90-10.yaml', /weight: 90/, 'weight: -90', 1),
  ...each('an undefined subset of the last step', 'bookinfo/networking/virtual-service-reviews-v3.yaml', /subset: v3/, 'subset: v33', 1),
  ...each('a mistyped field of a gateway', 'bookinfo/networking/bookinfo-gateway.yaml', /selector:/, 'selectr:', 1),
  ...each('a missing name', 'bookinfo/networking/bookinfo-gateway.yaml', /^  name: bookinfo$/, '  nam: bookinfo', 1),
];

export interface Planted {
  readonly folder: PlantedIn;
  readonly name: string;
  /** The codes and severities of what is said only with the mistake; none: it isn't found. */
  readonly found: readonly string[];
}

/** What each mistake changes in what `check` says. */
export function plantedIn(samples: string, program: string): Planted[] {
  const home = mkdtempSync(join(tmpdir(), 'planted-'));
  try {
    for (const file of MESH_FILES) copy(join(samples, file), join(home, 'mesh', file));
    writeFileSync(join(home, 'mesh', OWN), POLICIES);
    copy(join(samples, 'bookinfo'), join(home, 'bookinfo', 'bookinfo'));
    return [...madeIn('mesh', IN_MESH, home, program), ...madeIn('bookinfo', IN_BOOKINFO, home, program)];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Files of modules may not be written; a copy may. */
function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, mode: 0 });
}

function madeIn(folder: PlantedIn, mistakes: readonly Mistake[], home: string, program: string): Planted[] {
  const root = join(home, folder);
  const said = new Set(linesOf({ folder: root }, program).map(keyOf));
  return mistakes.map(({ name, file, make }) => {
    const path = join(root, file);
    const sound = readFileSync(path, 'utf8');
    rmSync(path);
    writeFileSync(path, make(sound));
    const found = [...new Set(linesOf({ folder: root }, program).filter((line) => !said.has(keyOf(line))).map(({ code, severity }) => `${code} ${severity}`))].sort();
    writeFileSync(path, sound);
    return { folder, name, found };
  });
}

function keyOf({ code, severity, about, actual }: Line): string {
  return JSON.stringify([code, severity, about, actual]);
}
