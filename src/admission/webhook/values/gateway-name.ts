import { isDnsLabel } from './dns-label';
import { judgeDnsName } from './host';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** The gateway that stands for all sidecars. */
export const MESH_GATEWAY = 'mesh';

/**
 * Objects to gateways that aren't `namespace/name`, and warns of names such as `name.namespace`. Like istiod it looks
 * at none behind the first without a namespace; what came from the Gateway API has names of another form.
 */
export function judgeGatewayNames(at: Objections, gateways: readonly string[] | undefined, fromGatewayApi = false): void {
  for (const [index, gateway] of (gateways ?? []).entries()) {
    const place = at.at(index);
    const slash = gateway.indexOf('/');
    if (slash < 0) {
      if (gateway.includes('.')) warnOfLegacyName(place, gateway);
      return judgeDnsName(place, gateway);
    }
    const name = gateway.slice(slash + 1);
    if (!isDnsLabel(gateway.slice(0, slash)) || name === '' || (!fromGatewayApi && !isDnsLabel(name))) objectToName(place, gateway);
  }
}

function objectToName(at: Objections, gateway: string): void {
  at.error({
    code: 'ADMIT434',
    actual: shown(gateway),
    expected: 'a gateway as namespace/name, both DNS labels',
    because: 'no Gateway has such a name',
    fix: 'write the Gateway\'s namespace, a slash and its name',
  });
}

function warnOfLegacyName(at: Objections, gateway: string): void {
  const [name, namespace] = gateway.split('.');
  at.warning({
    code: 'ADMIT435',
    actual: shown(gateway),
    expected: 'a gateway as namespace/name',
    because: 'the form with a dot is a legacy one',
    fix: `write '${namespace}/${name}'`,
  });
}
