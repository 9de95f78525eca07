import type { RotationStep } from '../../../certificates/rotation-plan';
import { changedText, ObjectDifference } from '../../../changes/object-changes';
import { isReplaced, ReportedStage, ReportedStep, waitsOf } from '../../../changes/plan-report';
import { numeral } from '../../../findings/numeral';
import { redacted } from '../../../findings/safe-text';
import { quoted } from '../../../findings/shell-words';
import { isOf, KIND, kindOf } from '../../../mesh/inventory/kinds';
import { objectText } from '../../../mesh/inventory/object';
import { oldNameQuery } from '../../../migration/calls-query';
import { TrustDomainPlan, TrustDomainStage, TrustDomainStageName } from '../../../migration/trust-domain/trust-domain-plan';
import { fieldsText, placeText } from '../../comparison/words';
import { counted } from '../../output/printer';
import { stepText } from '../words';

/** The changes of a stage. */
export interface StageChanges {
  readonly stage: TrustDomainStageName;
  /** What to apply, delete and restart, usually in one part; null: no safe order was found. */
  readonly parts: readonly ReportedStage[] | null;
  /** Objects that change with them, such as AuthorizationPolicies and Gateways. */
  readonly others: readonly ObjectDifference[];
}

/** All steps of a stage, in order. */
export function stepsOf(stage: StageChanges, { trust }: TrustDomainStage, index: number, plan: TrustDomainPlan): readonly RotationStep[] {
  return [
    ...stage.stage === 'forget-old' ? [unused(plan)] : [],
    ...applied(stage),
    ...stage.stage === 'name-new' ? [] : [installer(trust)],
    ...stage.stage === 'take-new' ? restarts(stage, plan) : [],
    ...waits(stage),
    ...seen(stage, plan),
    back(stage, index, plan),
  ];
}

/** How many objects of a stage are named. */
const NAMED = 15;

/** Names from manifests are only in keys, which Markdown prints as code. */
function named(texts: readonly string[]): RotationStep['keys'] {
  const shown = [...texts.slice(0, NAMED), ...texts.length > NAMED ? [`and ${numeral(texts.length - NAMED)} more`] : []];
  return shown.map((text) => [text, ''] as const);
}

function applied({ parts, others }: StageChanges): readonly RotationStep[] {
  const isApplied = ({ action }: ReportedStep): boolean => action !== 'restart';
  const [first = [], ...later] = (parts ?? []).map(({ steps }) => steps.filter(isApplied).map((step) => lineOf(stepText(step), step)));
  const more = others.map((object) => lineOf(changedText(object), object));
  return [[...first, ...more], ...later].filter(({ length }) => length > 0).map((lines, index) => ({
    action: 'apply',
    text: index > 0 ? 'then, once every proxy has it'
      : lines.length === 1 ? 'the object in its folder'
        : `${counted(lines.length, 'object')}, in any order`,
    keys: named(lines),
  }));
}

/** For a mesh config, the whole text is one field. */
function lineOf(text: string, object: ObjectDifference): string {
  return [text, placeText(object), isOf(kindOf(object.object), KIND.ConfigMap) ? '' : fieldsText(object)].filter(Boolean).join('  ');
}

function installer({ trustDomain, aliases }: TrustDomainStage['trust']): RotationStep {
  return {
    action: 'set',
    text: 'the same in the meshConfig of istiod\'s installation, or the next installation reverts it',
    keys: [['trustDomain', trustDomain], ['trustDomainAliases', aliases.length === 0 ? 'none' : `[${aliases.join(', ')}]`]],
  };
}

function restarts({ parts }: StageChanges, { signers, namespaces }: TrustDomainPlan): readonly RotationStep[] {
  const pods = (parts ?? []).flatMap(({ steps }) => steps.filter(({ isRollout }) => isRollout)).map(stepText);
  return [
    ...signers.isIstiod ? [{
      action: 'restart' as const,
      text: 'every istiod of every revision: its CA keeps the trust domain of its startup',
      commands: restartsOfIstiods(namespaces),
    }] : [],
    ...signers.unclear.length > 0
      ? [{ action: 'set' as const, text: 'the new trust domain in the variables of these', keys: named(signers.unclear.map(objectText)) }]
      : [],
    ...signers.istioCsrs.length > 0 ? [{
      action: 'restart' as const,
      text: 'istio-csr, with app.tls.trustDomain of its chart set to the new name. It then rejects requests for the old one: '
        + 'pods must restart before their certificates expire, and none can start between istiod and istio-csr',
      keys: named(signers.istioCsrs.map(objectText)),
    }] : [],
    ...pods.length > 0 ? [{
      action: 'restart' as const,
      text: 'then all pods with a proxy, including gateways: they restart with certificates of the new name. '
        + 'Also restart istio-agent on machines outside the cluster',
      keys: named(pods),
    }] : [],
  ];
}

/** Commands that restart the istiods of some namespaces and wait for the rollout. */
export function restartsOfIstiods(namespaces: readonly string[]): readonly string[] {
  return namespaces.map(redacted).flatMap((namespace) => [
    `kubectl rollout restart deployment -l app=istiod -n ${quoted(namespace)}`,
    `kubectl rollout status --timeout=15m deployment -l app=istiod -n ${quoted(namespace)}`,
  ]);
}

function waits({ parts }: StageChanges): readonly RotationStep[] {
  const isRolling = (parts ?? []).some(({ steps }) => steps.some((step) => step.isRollout && isReplaced(step)));
  const [everywhere] = waitsOf([]);
  return [
    ...isRolling ? [{ action: 'wait' as const, text: 'until all rollouts are done and no old pods are left' }] : [],
    { action: 'wait', text: `until ${everywhere}` },
  ];
}

/** The names of all proxies that istiod knows, one per line. */
const EACH_PROXY = 'istioctl proxy-status | awk \'NR > 1 { print $1 }\' | while read -r proxy; do';

/** Proxies that lost their connection to istiod aren't checked. */
const COUNT = 'This covers the proxies in istioctl proxy-status: their number must match the pods with a proxy.';

function seen({ stage }: StageChanges, { from, to }: TrustDomainPlan): readonly RotationStep[] {
  switch (stage) {
    case 'know-both': return [{
      action: 'see',
      text: `that this prints nothing: each proxy's configuration has the new name. ${COUNT}`,
      commands: [EACH_PROXY, `  istioctl proxy-config all "$proxy" -o json < /dev/null | grep -qF 'spiffe://${to}/' || echo `
        + '"$proxy doesn\'t know the new name"', 'done'],
    }, failures()];
    case 'take-new': return [{
      action: 'see',
      text: `that this prints nothing: each proxy's certificate has the new name. ${COUNT}`,
      commands: [
        EACH_PROXY,
        '  istioctl proxy-config secret "$proxy" -o json < /dev/null | istio-mtls ca inspect - -o json | jq -e \'[.inspected[].texts[] | '
          + `select(.name == "default") | .certificates[0].uris[]] | any(startswith("spiffe://${to}/"))' > /dev/null || echo "$proxy `
          + 'has a certificate of another name"',
        'done',
      ],
    }, failures()];
    case 'name-new': return [{
      action: 'see',
      text: 'other uses of the old trust domain: this prints nothing, except cluster.local in principals, which stands for the mesh\'s own',
      commands: ['kubectl get authorizationpolicies,destinationrules,serviceentries,gateways.networking.istio.io,sidecars,envoyfilters '
        + `-A -o yaml | grep -nF '${from}/'`],
    }, failures()];
    case 'forget-old': return [failures()];
  }
}

function failures(): RotationStep {
  return {
    action: 'see',
    text: 'whether more calls fail than before: refused connections, by the query that this prints, and requests with response code 403',
    commands: ['istio-mtls queries refused', 'sum by (destination_workload_namespace, '
      + 'destination_workload) (increase(istio_requests_total{reporter="destination", response_code="403"}[1h]))'],
  };
}

/** The step that checks that no certificate has the old name any more. */
function unused({ from }: TrustDomainPlan): RotationStep {
  return {
    action: 'see',
    text: 'that Prometheus returns nothing for this: calls of the last hour in which a client or server had the old name',
    commands: oldNameQuery(from).split('\n'),
  };
}

function back({ stage }: StageChanges, index: number, { signers: { isIstiod, istioCsrs } }: TrustDomainPlan): RotationStep {
  const folder = String(index + 1).padStart(2, '0');
  const signing = [...isIstiod ? ['every istiod'] : [], ...istioCsrs.length > 0 ? ['istio-csr with the old name'] : []].join(' and ');
  switch (stage) {
    case 'know-both': return { action: 'back', text: `the state before ${folder}, in any order: no certificate has the new name yet` };
    case 'take-new': return { action: 'back', text: `the mesh config as before ${folder}; then restart ${signing}, and all pods again` };
    case 'name-new': return {
      action: 'back', text: `the rules and policies as before ${folder}, in any order; wait before rolling back the previous stage`,
    };
    case 'forget-old': return { action: 'back', text: `the mesh config as before ${folder}; wait before rolling back the previous stage` };
  }
}
