import { caStep, CaStep } from '../../certificates/ca-step';
import { Certificate } from '../../certificates/certificate';
import { hasSameRoots } from '../../certificates/trusted-roots';
import { IstiodCa, istiodCa, isMadeByIstiod, madeByIstiod, showsRoots, trustedBundles } from '../certificates/istiod-ca';
import { istiodNamespaces, knownTrustDomain } from '../certificates/plugged-ca';
import { signingIstiods } from '../certificates/workload-ca';
import { CaObjects } from '../inventory/ca-objects';
import type { Mesh } from '../mesh';

/** A change of the CA with which the istiod of a namespace signs, while running proxies have certificates and roots of the former CA. */
export interface CaChange {
  readonly namespace: string;
  readonly from: IstiodCa;
  readonly to: IstiodCa;
  /** The roots that proxies trust before the change, as far as known. */
  readonly trusted: readonly Certificate[];
  readonly step: CaStep;
  /** Whether the new CA has the same root, so that no proxy must trust another one. */
  readonly isSameRoot: boolean;
}

/** The CA changes of a running mesh. A step of a rotation after which istiod signs with the same certificate isn't one. */
export function caChanges(before: Mesh, after: CaObjects): readonly CaChange[] {
  if (!runs(before)) return [];
  return [...istiodNamespaces(before)].sort().flatMap((namespace) => {
    const [former, to] = [istiodCa(before.objects.caObjects, namespace), istiodCa(after, namespace)];
    if (!former || !to || isSame(former, to)) return [];
    const bundles = trustedBundles(before);
    const isOwn = former.kind === 'none' && bundles.length > 0
      && bundles.every((bundle) => isMadeByIstiod(bundle, knownTrustDomain(before, namespace) ?? DEFAULT_TRUST_DOMAIN));
    const from = isOwn ? madeByIstiod(bundles.flat()) : former;
    const step = from.kind !== 'none' && to.kind === 'none' ? 'rejected' : caStep(bundles, from.kind === 'none' ? undefined : from, to);
    // A Secret that isn't among the cluster's objects may still exist: not every user may read Secrets.
    const isUncertain = from.kind === 'none' && step !== 'rejected' && showsRoots(before);
    if (isUncertain) return [];
    const trusted =
      [...new Map((bundles.length > 0 ? bundles : [from.roots ?? []]).flat().map((root) => [root.fingerprint, root])).values()];
    return [{ namespace, from, to, trusted, step, isSameRoot: isSameRoot(from, to) }];
  });
}

const DEFAULT_TRUST_DOMAIN = 'cluster.local';

/** Whether the mesh has proxies with a certificate, or an istiod that signs them. */
function runs(mesh: Mesh): boolean {
  return mesh.workloads.some(({ proxy }) => proxy.encrypts === true) || signingIstiods(mesh).length > 0 || showsRoots(mesh);
}

/** Whether istiod signs with the same certificate, or with one from the same source. */
function isSame(from: IstiodCa, to: IstiodCa): boolean {
  const areOwn = [from, to].every(({ kind }) => kind === 'own' || kind === 'none');
  const isOnePlace = from.takenFrom !== undefined && from.takenFrom === to.takenFrom;
  return areOwn || isOnePlace || (from.own !== undefined && from.own.fingerprint === to.own?.fingerprint);
}

function isSameRoot({ roots: former }: IstiodCa, { roots: latter }: IstiodCa): boolean {
  return former !== undefined && latter !== undefined && hasSameRoots({ rootCert: '', roots: former }, { rootCert: '', roots: latter });
}
