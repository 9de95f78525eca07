import { Objections } from './objections';
import { shown } from '../shown';

const DRY_RUN = 'istio.io/dry-run';
/** Istio's own marks; the last two would let an object act in the name of another. */
const INTERNAL = ['internal.istio.io/webhook-always-reject', 'internal.istio.io/parent-namespace', 'internal.istio.io/parents'];

/** Objects to the annotations that istiod refuses on an object of any kind; dry-run on an AuthorizationPolicy is that kind's. */
export function judgeAnnotations(at: Objections, kind: string, annotations: { readonly [name: string]: string } | undefined): void {
  for (const name of Object.keys(annotations ?? {})) {
    if (INTERNAL.includes(name)) objectToInternal(at.at(name));
    if (name === DRY_RUN && kind !== 'AuthorizationPolicy') objectToDryRun(at.at(name), annotations?.[name]);
  }
}

function objectToInternal(at: Objections): void {
  at.error({
    code: 'ADMIT449',
    actual: 'set',
    expected: 'no annotation of Istio\'s own',
    because: 'only istiod may set it',
    fix: 'remove the annotation',
  });
}

function objectToDryRun(at: Objections, value: string | undefined): void {
  at.error({
    code: 'ADMIT449',
    actual: shown(value),
    expected: 'it on an AuthorizationPolicy only',
    because: 'no other kind can be tried without effect',
    fix: 'remove the annotation',
  });
}
