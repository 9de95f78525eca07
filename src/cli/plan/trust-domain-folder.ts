import { foldersOf, jsonFile, Part, readme, replacementOf, replacementsOf } from './plan-folder';
import { TrustDomainReport } from './trust-domain';
import { trustDomainJson } from './trust-domain-json';
import { restartsOfIstiods } from './trust-domain-steps';
import { quoted } from './verify-script';
import { TrustDomainPlan, TrustDomainStage } from '../../migration/trust-domain/trust-domain-plan';
import { WrittenFile } from '../numbered-folders';

/** All files of the way to another trust domain: a folder a stage, `rollback/` with the way back, and the plan itself. */
export function trustDomainFiles(report: TrustDomainReport): readonly WrittenFile[] {
  const { found, compared: { mesh }, from, to } = report;
  const parts = found.stages.flatMap((stage) => partsOf(stage, found));
  const remarks = [
    `From trust domain ${from} to ${to}. Each folder is safe to stay in. Before the next, look at what \`plan.json\` says to \`see\`: a proxy that has its configuration may still have its old certificate.`,
    'What installs istiod has to say the same in its `meshConfig`, or its next run takes the mesh config back.',
    ...found.stages.some(({ stage }) => stage === 'take-new') ? ['`verify.sh` restarts istiod before pods where certificates change. Pods of Jobs and single Pods are yours to replace, and machines outside the cluster need their istio-agent restarted.'] : [],
  ];
  return [...foldersOf(parts), jsonFile(trustDomainJson(report), mesh), { path: 'README.md', text: readme(parts, remarks) }];
}

/** Policies come with the rules of their stage: their lists hold the same callers in each of its states. */
function partsOf({ stage, plan, besides }: TrustDomainStage, { signers, namespaces }: TrustDomainPlan): readonly Part[] {
  const { units, others, stages = [] } = plan;
  const more = [...others, ...besides].map(replacementOf);
  const first = stage === 'take-new' ? [
    ...signers.isIstiod ? restartsOfIstiods(namespaces) : [],
    ...signers.istioCsrs.map(({ namespace, name }) => `kubectl rollout status --timeout=15m -n ${quoted(namespace)} ${quoted(`deployment/${name}`)}`),
  ] : [];
  const [head = { moves: [], verdict: 'safe' as const }, ...later] = stages;
  return [
    { replacements: [...replacementsOf(plan, head.moves), ...more], stage: head, units, first },
    ...later.map((one): Part => ({ replacements: replacementsOf(plan, one.moves), stage: one, units, first })),
  ];
}
