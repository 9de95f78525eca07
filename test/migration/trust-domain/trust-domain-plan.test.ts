import { admit } from '../../../src/admission/admission';
import { KIND } from '../../../src/mesh/inventory/kinds';
import { idKey } from '../../../src/mesh/inventory/object';
import { Mesh } from '../../../src/mesh/mesh';
import { planAtOnce } from '../../../src/mesh/plan/plan';
import { worsened } from '../../../src/mesh/plan/worsened';
import { isProven, trustDomainPlan, TrustDomainPlan, TrustDomainStage } from '../../../src/migration/trust-domain/trust-domain-plan';
import { authorizationPolicy, deployment, destinationRule, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry } from '../../support/meshes/mesh';
import { MixedStates } from '../../support/meshes/mixed-states';
import { stagesOf, statesTried } from '../../support/meshes/stages-tried';
import { casesOf } from '../../support/random/cases';
import { generator } from '../../support/random/random-changes';
import { namingMeshes, NEW, OLD } from '../../support/random/trust-domain-meshes';

const CONFIG = meshConfig({ trustDomain: OLD });
const RATINGS = [deployment('shop/ratings', { spec: { serviceAccountName: 'ratings' }, ports: [{ containerPort: 9080 }] }), service('shop/ratings', [9080])];
const SHOP = [...injected('shop'), peerAuthentication('istio-system/default', mode('STRICT')), deployment('shop/web', { spec: { serviceAccountName: 'web' } }), ...RATINGS];
const mutual = (...subjectAltNames: string[]) => destinationRule('shop/ratings', { host: 'ratings', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL', subjectAltNames } } });
const ALLOW = authorizationPolicy('shop/allow', { rules: [{ from: [{ source: { principals: [`${OLD}/ns/shop/sa/web`] } }] }] });
/** A mesh with changes in every stage. */
const WRITTEN = { id: 'shop', objects: [...SHOP, CONFIG, mutual(`spiffe://${OLD}/ns/shop/sa/ratings`), ALLOW] };

const { seed, count } = casesOf('trust-domains');
const PLANS = [WRITTEN, ...namingMeshes(seed, count(20), count(6))].map(({ id, objects }) => {
  const before = mesh(objects);
  return { id, before, plan: trustDomainPlan(before, NEW) };
});
const MADE = PLANS.filter(({ plan }) => plan.faults.length === 0);

const endOf = ({ stages }: TrustDomainPlan): Mesh => stages.at(-1)!.plan.after;

test('the handwritten mesh has changed policies and restarting pods, in four stages', () => {
  const [{ plan: { stages } }] = PLANS;
  expect(stages.map(({ stage }) => stage)).toEqual(['know-both', 'take-new', 'name-new', 'forget-old']);
  expect(stages.some(({ plan: { others } }) => others.length > 0)).toBe(true);
  expect(stages.some(({ plan: { units } }) => units.some(({ change }) => !change))).toBe(true);
});

// One of 116 meshes has no safe order in its second stage (docs/plan.md): the plan then has no stages, and says why.
test('every stage is proven, or the plan has no safe order', () => {
  for (const { id, plan } of MADE) {
    for (const stage of plan.stages.filter((one) => !isProven(one))) {
      const { doubts: { lists, unmet, refused }, plan: { stages, stuck } } = stage;
      // Subject names for hosts with unknown servers or clients.
      if (stages?.every(({ verdict, witness }) => verdict === 'safe' || witness?.kind === 'undecided')) continue;
      expect({ id, lists, unmet, refused, stages }).toEqual({ id, lists: [], unmet: [], refused: [] });
      expect(stuck).toBeDefined();
    }
  }
});

test('no connection gets worse within a stage, whichever proxies have which changes', () => {
  for (const { id, plan } of MADE) {
    const draw = generator(id.length);
    for (const { stage: name, plan: stagePlan } of plan.stages) {
      const mixed = new MixedStates(stagePlan);
      for (const { versions, stage } of stagesOf(stagePlan)) {
        for (const [clients, servers] of statesTried(stagePlan, versions, stage, draw)) {
          const { unsafe, unproven } = mixed.fallen(clients, servers);
          expect({ id, name, clients, servers, unsafe: [...unsafe, ...unproven] }).toEqual({ id, name, clients, servers, unsafe: [] });
        }
      }
    }
  }
});

/** All connections with their outcomes. */
const outcomesIn = (of: Mesh): string[] => [...of.connections()].map(({ client, requested, server, outcome }) =>
  `${idKey(client as any)} ${requested.host}:${requested.port} ${server ? `${server.namespace}/${server.name}:${server.port}` : ''} ${outcome}`);

test('each stage keeps all outcomes, and the last one has only the new trust domain', () => {
  for (const { id, before, plan } of MADE) {
    const former = outcomesIn(before);
    for (const { stage, plan: { after } } of plan.stages) expect({ id, stage, outcomes: outcomesIn(after) }).toEqual({ id, stage, outcomes: former });
    const { workloads, planes } = endOf(plan);
    expect([planes.default.config.trustDomain, planes.default.config.trustDomainAliases.has(OLD)]).toEqual([NEW, false]);
    expect(workloads.filter(({ proxy, identity }) => proxy.kind !== 'none' && !identity.startsWith(`spiffe://${NEW}/`))).toEqual([]);
  }
});

/** The patterns that istiod configures in a server's proxy, for the trust domains of its mesh config. */
function patternsFor(attribute: 'principals' | 'trustDomains', value: string, known: readonly string[]): RegExp[] {
  const pattern = (text: string): RegExp => new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/^\*/, '.*').replace(/(?<=.)\*$/, '.*').replace(/(?<!\.)\*/g, '\\*')}$`, 's');
  if (attribute === 'trustDomains') return (known.includes(value) ? known : [value]).map((one) => new RegExp(`^${one.replaceAll('.', '\\.').replace('*', '[^/]*')}/`));
  const [first, ...rest] = value.split('/');
  const isKnown = known.some((name) => pattern(first).test(name)) || first === 'cluster.local';
  if (rest.length !== 4 || first === '*' || !isKnown) return [pattern(value)];
  return known.map((name) => pattern(first.startsWith('*') && pattern(first).test(name) ? value : [name, ...rest].join('/')));
}

/** The principal lists of all policies, each with whether it matches a caller. */
function heldIn(of: Mesh, known: readonly string[], caller: string): Map<string, boolean> {
  const held = new Map<string, boolean>();
  const add = (key: string, attribute: 'principals' | 'trustDomains', values: readonly string[]): void => {
    held.set(key, values.some((value) => patternsFor(attribute, value, known).some((one) => one.test(caller))));
  };
  for (const { namespace: space, name, spec } of of.objects.of(KIND.AuthorizationPolicy)) {
    for (const [index, rule] of ((spec.rules ?? []) as any[]).entries()) {
      for (const [at, { source }] of (rule.from ?? []).entries()) {
        for (const list of ['principals', 'notPrincipals', 'trustDomains', 'notTrustDomains']) {
          if (source[list]) add(`${space}/${name} ${index} ${at} ${list}`, /principals/i.test(list) ? 'principals' : 'trustDomains', source[list]);
        }
      }
      for (const [at, { key, values, notValues }] of (rule.when ?? []).entries()) add(`${space}/${name} ${index} when ${at}`, key === 'source.principal' ? 'principals' : 'trustDomains', values ?? notValues);
    }
  }
  return held;
}

test('policies match the same callers in every stage, with any version of policy and mesh config, and either name', () => {
  const paths = ['ns/a/sa/default', 'ns/a/sa/other', 'ns/b/sa/default', 'ns/c/sa/d'];
  const namesOf = ({ planes: { default: { config } } }: Mesh): string[] => [config.trustDomain, ...config.trustDomainAliases];
  for (const { id, before, plan } of MADE) {
    for (const { stage, plan: { before: from, after } } of plan.stages) {
      const callers = stage === 'know-both' ? [OLD] : stage === 'take-new' ? [OLD, NEW] : [NEW];
      for (const path of paths) {
        const meant = heldIn(before, namesOf(before), `${OLD}/${path}`);
        for (const version of [from, after]) {
          for (const config of [from, after]) {
            for (const caller of callers) expect({ id, stage, path, caller, held: heldIn(version, namesOf(config), `${caller}/${path}`) }).toEqual({ id, stage, path, caller, held: meant });
          }
        }
        if (id === WRITTEN.id) expect(meant.size).toBe(1);
      }
      expect(namesOf(from)).toEqual(expect.arrayContaining(callers));
      expect(namesOf(after)).toEqual(expect.arrayContaining(callers));
    }
  }
});

const told = ({ stages }: TrustDomainPlan) => stages.map((stage) => [
  stage.stage, isProven(stage), [...stage.plan.units.map(({ object: { kind, name }, change }) => `${change ? '' : 'restart '}${kind} ${name}`), ...stage.plan.others.map(({ after }) => `${after!.kind} ${after!.name}`)],
]);

test('rules get both names before certificates change, and policies the new one before the alias is removed', () => {
  const before = mesh(WRITTEN.objects);
  const plan = trustDomainPlan(before, NEW);
  expect(told(plan)).toEqual([
    ['know-both', true, ['ConfigMap istio', 'DestinationRule ratings']],
    ['take-new', true, ['ConfigMap istio', 'restart Deployment ratings', 'restart Deployment web']],
    ['name-new', true, ['DestinationRule ratings', 'AuthorizationPolicy allow']],
    ['forget-old', true, ['ConfigMap istio']],
  ]);
  // Without the second name in the rule, the change of certificates would break the call.
  const knowing = mesh([...SHOP, meshConfig({ trustDomain: OLD, trustDomainAliases: [NEW] }), mutual(`spiffe://${OLD}/ns/shop/sa/ratings`)]);
  const taking = [...SHOP, meshConfig({ trustDomain: NEW, trustDomainAliases: [OLD] }), mutual(`spiffe://${OLD}/ns/shop/sa/ratings`)].flat();
  expect(worsened(planAtOnce(knowing, taking))).toMatchObject({ broken: 1, plaintext: 0 });
});

test('a call with many servers is proven by names alone', () => {
  const servers = Array.from({ length: 7 }, (_, index) => deployment(`shop/v${index}`, { labels: { app: 'ratings' }, ports: [{ containerPort: 9080 }] }));
  const plan = trustDomainPlan(mesh([...SHOP, CONFIG, ...servers]), NEW);
  expect(plan.stages.map(isProven)).toEqual([true, true, true]);
  const taking = plan.stages.find(({ stage }) => stage === 'take-new')!;
  expect(taking.plan.atOnce.witness?.kind).toBe('too-many');
});

test('admission accepts the objects of each stage', () => {
  for (const { plan } of MADE) {
    for (const { plan: { units, others } } of plan.stages) {
      for (const after of [...units.map(({ change }) => change?.after), ...others.map((one) => one.after)]) {
        if (after && /ConfigMap|AuthorizationPolicy/.test(after.kind)) expect(admit(after.source).filter(({ severity }) => severity === 'error')).toEqual([]);
      }
    }
  }
});

const CSR = (...args: string[]) => deployment('cert-manager/cert-manager-istio-csr', { spec: { containers: [{ name: 'csr', image: 'quay.io/jetstack/cert-manager-istio-csr:v0.14.0', args }] } });
const SPIRE = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'spire-server', namespace: 'spire' }, data: { 'server.conf': `server {\n  trust_domain = "${OLD}"\n}\n` } },
  deployment('shop/spired', { spec: { containers: [{ name: 'app' }], volumes: [{ name: 'workload-socket', csi: { driver: 'csi.spiffe.io' } }] } }),
];

test.each<[string, any[], RegExp]>([
  ['no mesh config', [], /ConfigMap istio is not among the manifests; .*kubectl get configmap/],
  ['the same name', [meshConfig({ trustDomain: NEW })], /trustDomain is new\.example already/],
  ['a name that is none', [meshConfig({ trustDomain: 'a b' })], /trustDomain is 'a b'; expected DNS labels/],
  ['a name with a dot at its end', [meshConfig({ trustDomain: `${OLD}.` })], /trustDomain is '?old\.example\.'?; expected DNS labels .*, without a dot at the end\./],
  ['revisions with other trust domains', [CONFIG, meshConfig({ trustDomain: 'other' }, 'istio-canary')], /one trust domain for all revisions/],
  ['a mesh config that nobody can read', [{ ...CONFIG, data: { mesh: '{' } }], /data\.mesh is not valid YAML/],
  ['a mesh config that is a list', [{ ...CONFIG, data: { mesh: '- a' } }], /: mesh is the list .*; expected a mapping/],
  ['a field of the mesh config that istiod rejects', [meshConfig({ trustDomain: OLD, proxyListenPort: 70000 })], /proxyListenPort is .*70000.*; expected a port .*istiod rejects the whole mesh config/],
  ['an alias that istiod rejects', [meshConfig({ trustDomain: OLD, trustDomainAliases: ['fine', 'a b'] })], /trustDomainAliases\[1\] is 'a b'; expected DNS labels/],
  ['a revision whose mesh config istiod rejects', [CONFIG, meshConfig({ trustDomain: OLD, connectTimeout: '2h' }, 'istio-canary')], /istio-canary.*connectTimeout is '2h'/],
  ['another mesh of the name', [meshConfig({ trustDomain: OLD, caCertificates: [{ pem: 'x', trustDomains: [NEW] }] })], /policies couldn't tell the workloads of that mesh/],
  ['an istio-csr of another name', [CONFIG, CSR('--trust-domain=elsewhere')], /it signs for no proxy of this mesh/],
  ['SPIRE', [CONFIG, ...SPIRE], /certificates from istiod or istio-csr/],
  ['ambient mode', [CONFIG, namespace('flat', { 'istio.io/dataplane-mode': 'ambient' }), deployment('flat/app')], /ztunnels don't apply trust domain aliases/],
])('there is no plan with %s', (_, objects, expected) => {
  const { faults, stages } = trustDomainPlan(mesh([...SHOP, ...objects]), NEW);
  expect(stages.map(({ stage }) => stage)).toEqual([]);
  expect(faults).toEqual([expect.stringMatching(expected)]);
  expect(faults[0]).toMatch(/ \[API089\]$/);
});

test('all revisions change together, each with its own aliases', () => {
  const configs = [CONFIG, meshConfig({ trust_domain: OLD, trust_domain_aliases: ['partner', NEW] }, 'istio-canary')];
  const plan = trustDomainPlan(mesh([...SHOP, ...configs]), NEW);
  const written = plan.stages.map(({ plan: { after } }) => after.objects.of(KIND.ConfigMap).map(({ source }: any) => JSON.parse(source.data.mesh)));
  expect(written).toEqual([
    [{ trustDomain: OLD, trustDomainAliases: [NEW] }, { trustDomain: OLD, trustDomainAliases: ['partner', NEW] }],
    [{ trustDomain: NEW, trustDomainAliases: [OLD] }, { trustDomain: NEW, trustDomainAliases: [OLD, 'partner'] }],
    [{ trustDomain: NEW }, { trustDomain: NEW, trustDomainAliases: ['partner'] }],
  ]);
});

test('the mesh config keeps its comments', () => {
  const written = `# Ours.\ntrustDomain: ${OLD} # since 2021\nenableAutoMtls: true\n`;
  const { stages } = trustDomainPlan(mesh([...SHOP, { ...CONFIG, data: { mesh: written } }]), NEW);
  const textOf = ({ plan: { after } }: TrustDomainStage): string => (after.objects.of(KIND.ConfigMap)[0].source as any).data.mesh;
  expect(stages.map(textOf)).toEqual([
    `${written}trustDomainAliases:\n  - ${NEW}\n`, `${written.replace(OLD, NEW)}trustDomainAliases:\n  - ${OLD}\n`, written.replace(OLD, NEW),
  ]);
});

test('istio-csr gets the new trust domain when certificates change', () => {
  const argumentsOf = (csr: any): any => {
    const plan = trustDomainPlan(mesh([...SHOP, CONFIG, namespace('cert-manager'), csr]), NEW);
    const { others } = plan.stages.find(({ stage }) => stage === 'take-new')!.plan;
    return [plan.signers.isIstiod, others.map(({ after }) => (after!.source as any).spec.template.spec.containers[0].args)];
  };
  expect(argumentsOf(CSR('-v', `--trust-domain=${OLD}`))).toEqual([false, [['-v', `--trust-domain=${NEW}`]]]);
  expect(argumentsOf(CSR('--trust-domain', OLD))).toEqual([false, [['--trust-domain', NEW]]]);
  expect(argumentsOf(CSR('--trust-domain=$(DOMAIN)'))).toEqual([false, []]);
  const usual = trustDomainPlan(mesh([...SHOP, meshConfig({}), namespace('cert-manager'), CSR('-v')]), NEW).stages.find(({ stage }) => stage === 'take-new')!;
  expect(usual.plan.others.map(({ after }) => (after!.source as any).spec.template.spec.containers[0].args)).toEqual([['-v', `--trust-domain=${NEW}`]]);
});

const gateway = (subjectAltNames: string[]) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { name: 'edge', namespace: 'shop' },
  spec: { servers: [{ port: { number: 443, name: 'tls', protocol: 'TLS' }, hosts: ['*'], tls: { mode: 'ISTIO_MUTUAL', subjectAltNames } }] },
});

test('names in ServiceEntries, Services, Gateways, ports and subsets change in the same stages', () => {
  const [uri, next] = [`spiffe://${OLD}/ns/shop/sa/db`, `spiffe://${NEW}/ns/shop/sa/db`];
  const tls = { mode: 'ISTIO_MUTUAL', subjectAltNames: [uri] };
  const objects = [
    serviceEntry('shop/db', { hosts: ['db.internal'], location: 'MESH_INTERNAL', resolution: 'STATIC', ports: [{ number: 80, name: 'http' }], endpoints: [{ address: '10.0.0.9', serviceAccount: 'db' }], subjectAltNames: [uri] }),
    destinationRule('shop/parts', { host: 'ratings', trafficPolicy: { portLevelSettings: [{ port: { number: 9080 }, tls }] }, subsets: [{ name: 'v1', trafficPolicy: { tls } }] }),
    service('shop/named', [80], { annotations: { 'alpha.istio.io/canonical-serviceaccounts': `${uri},other` } }),
    gateway([uri]),
  ];
  const plan = trustDomainPlan(mesh([...SHOP, CONFIG, ...objects]), NEW);
  const counts = plan.stages.map(({ stage, plan: { after, others } }) => {
    const text = JSON.stringify([...after.objects.all()].map(({ source }) => source));
    return [stage, text.split(uri).length - 1, text.split(next).length - 1, others.filter((change) => change.after!.kind === 'Gateway').length];
  });
  expect(counts).toEqual([['know-both', 5, 5, 1], ['take-new', 5, 5, 0], ['name-new', 0, 5, 1], ['forget-old', 0, 5, 0]]);
  expect(plan.leftovers).toEqual([]);
});

test('other uses of the old trust domain are reported, and other names stay', () => {
  const objects = [
    destinationRule('shop/partner', { host: 'partner.example', trafficPolicy: { tls: { mode: 'SIMPLE', subjectAltNames: [`spiffe://${OLD}/ns/x/sa/y`] } } }),
    { ...deployment('shop/checks', { spec: { containers: [{ name: 'app', env: [{ name: 'CALLER', value: `${OLD}/ns/shop/sa/web` }, { name: 'TRUST_DOMAIN', value: OLD }] }] } }) },
    { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata: { name: 'f', namespace: 'elsewhere' }, spec: { configPatches: [{ patch: { value: { exact: `spiffe://${OLD}` } } }] } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'near', namespace: 'shop' }, data: { a: `spiffe://${OLD}.org/ns/a`, b: `not.${OLD}/ns/a`, c: `https://${OLD}/` } },
  ];
  const { leftovers, stages } = trustDomainPlan(mesh([...SHOP, CONFIG, ...objects]), NEW);
  expect(leftovers.map(({ object: { name }, field }) => `${name} ${field.slice(-2).join('.')}`).sort()).toEqual(['checks.0.value', 'checks.1.value', 'f value.exact', 'partner subjectAltNames.0'].map((one) => one.replace('checks.', 'checks ')).sort());
  expect(stages.some(({ plan: { units } }) => units.some(({ object: { name } }) => name === 'partner'))).toBe(false);
});

test('a policy that already names the new trust domain would match other callers', () => {
  const named = authorizationPolicy('shop/allow', { rules: [{ from: [{ source: { principals: [`${NEW}/ns/shop/sa/web`] } }] }] });
  const { stages } = trustDomainPlan(mesh([...SHOP, CONFIG, named]), NEW);
  expect(stages.map(({ stage, doubts: { lists } }) => [stage, lists.map(({ field }) => field.join('.'))])).toEqual(
    ['know-both', 'take-new', 'forget-old'].map((stage) => [stage, ['spec.rules.0.from.0.source.principals']]));
});
