import { CaTarget, caRefusing } from './ca-target';
import { CA_SECRET_NAME } from '../../certificates/ca-secret';
import { shownName } from '../../certificates/shown-name';

/** Refuses a Secret that istiod would never read. */
export function checkSecretName(target: CaTarget, secretName: string): void {
  if (secretName === CA_SECRET_NAME) return;
  const refuse = caRefusing(target, 'Secret');
  throw refuse({
    code: 'MTLS061',
    field: 'secretName',
    actual: shownName(secretName),
    expected: `'${CA_SECRET_NAME}'`,
    because: `istiod mounts the Secret '${CA_SECRET_NAME}' and never reads another: it would go on signing with a CA that it makes itself`,
    fix: `store the CA as Secret '${CA_SECRET_NAME}' in namespace '${target.namespace}'`,
  });
}
