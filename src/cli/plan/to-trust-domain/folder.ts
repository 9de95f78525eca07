import { conditionsOf, foldersOf, jsonFile, Part, readme, replacementOf, replacementsOf } from '../folder';
import { trustDomainJson } from './json';
import { TrustDomainReport } from './report';
import { restartsOfIstiods } from './steps';
import { ReportedStage } from '../../../changes/plan-report';
import { quoted } from '../../../findings/shell-words';
import { TrustDomainPlan, TrustDomainStage } from '../../../migration/trust-domain/trust-domain-plan';
import { WrittenFile } from '../../output/numbered-folders';

/** All files of a trust domain migration: a folder for each stage, `rollback/` with the way back, and the plan itself. */
export function trustDomainFiles(report: TrustDomainReport): readonly WrittenFile[] {
  const { found, compared: { mesh }, from, to } = report;
  const parts = found.stages.flatMap((stage) => partsOf(stage, found));
  const remarks = [
    ...conditionsOf(report.stages.flatMap(({ parts: own }): readonly (ReportedStage | undefined)[] => (own?.length ? own : [undefined]))),
    `From trust domain ${from} to ${to}. Each folder is safe to stay in. Before the next, run the \`see\` checks of \`plan.json\`: `
      + 'a proxy with new configuration may still have its old certificate.',
    'Set the same values in the `meshConfig` of istiod\'s installation, or the next installation reverts the mesh config.',
    ...found.stages.some(({ stage }) => stage === 'take-new') ? ['`verify.sh` restarts istiod before pods where certificates change. '
      + 'Replace Pods of Jobs and standalone Pods yourself, and restart istio-agent on machines outside the cluster.'] : [],
  ];
  return [...foldersOf(parts), jsonFile(trustDomainJson(report), mesh), { path: 'README.md', text: readme(parts, remarks) }];
}

/**
 * AuthorizationPolicies change together with the DestinationRules of their stage: both lists name the same callers in each of its states.
 */
function partsOf({ stage, plan }: TrustDomainStage, { signers, namespaces }: TrustDomainPlan): readonly Part[] {
  const { units, others, stages = [] } = plan;
  const more = others.map(replacementOf);
  const first = stage === 'take-new' ? [
    ...signers.isIstiod ? restartsOfIstiods(namespaces) : [],
    ...signers.istioCsrs.map(({ namespace, name }) => (
      `kubectl rollout status --timeout=15m -n ${quoted(namespace)} ${quoted(`deployment/${name}`)}`)),
  ] : [];
  const [head = { moves: [], verdict: 'safe' as const }, ...later] = stages;
  return [
    { replacements: [...replacementsOf(plan, head.moves), ...more], stage: head, units, first },
    ...later.map((one): Part => ({ replacements: replacementsOf(plan, one.moves), stage: one, units, first })),
  ];
}
