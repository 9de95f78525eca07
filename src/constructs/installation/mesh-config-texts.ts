import { Yaml } from 'cdk8s';
import { MeshConfigFields, sorted } from './mesh-config-fields';
import { Istiod } from '../../mesh/config/control-plane-facts';
import { DEFAULT_ROOT_NAMESPACE } from '../namespace';

/** Which istiod is meant, and of which cluster. */
export interface Installed extends Istiod {
  readonly clusterDomain?: string;
}

/** Values for Istio's chart `istiod`. */
export function helmValues(meshConfig: MeshConfigFields, { namespace, revision, clusterDomain }: Installed): string {
  return text({ ...globalValues(namespace, clusterDomain), meshConfig, ...(revision && { revision }) });
}

/** An overlay for `istioctl install -f`. */
export function istioOperator(meshConfig: MeshConfigFields, { namespace, revision, clusterDomain }: Installed): string {
  const values = globalValues(namespace, clusterDomain);
  return Yaml.stringify({
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    spec: sorted({ meshConfig, ...(revision && { revision }), ...(values && { values }) }),
  });
}

/** A mapping as YAML that says the same to parsers of YAML 1.1, such as istiod's, and of 1.2. */
export function text(mapping: MeshConfigFields): string {
  return Yaml.stringify(sorted(mapping));
}

/** The installers take istiod's namespace from elsewhere too; only another than theirs has to be said. */
function globalValues(istioNamespace: string, clusterDomain: string | undefined): { global: MeshConfigFields } | undefined {
  const global = {
    ...istioNamespace !== DEFAULT_ROOT_NAMESPACE && { istioNamespace },
    ...clusterDomain !== undefined && { proxy: { clusterDomain } },
  };
  return Object.keys(global).length === 0 ? undefined : { global };
}
