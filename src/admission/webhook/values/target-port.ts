import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Objects to a `targetPort` where the listener isn't a Kubernetes Service. */
export function judgeTargetPort(at: Objections, port: any): void {
  if (!port.targetPort) return;
  at.at('targetPort').error({
    code: 'ADMIT480',
    actual: shown(port.targetPort),
    expected: 'no targetPort here',
    because: 'the proxy listens on the port itself, only a Service maps it to another',
    fix: 'remove it',
  });
}
