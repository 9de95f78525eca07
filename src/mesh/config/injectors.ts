import { ControlPlaneFacts } from './control-plane-facts';
import { mappingIn, ParseYaml } from './proto-yaml';
import { changingVariableOf } from './proxy-variables';
import { Inventory } from '../objects/inventory';
import { MeshObject } from '../objects/mesh-object';
import { Shape, shape, text, texts } from '../objects/shape';

const NAME = /^istio-sidecar-injector(?:-(.+))?$/;

/** What the charts set of how sidecars intercept; nobody says what a value that isn't there would mean. */
const OF_PROXY: Readonly<Record<string, unknown>> = {
  autoInject: 'enabled',
  statusPort: 15020,
  includeIPRanges: '*',
  excludeIPRanges: '',
  includeInboundPorts: '*',
  excludeInboundPorts: '',
  includeOutboundPorts: '',
  excludeOutboundPorts: '',
};

/** What is in Istio's own template for sidecars, of all releases: what the model goes by. */
const IN_TEMPLATE: readonly string[] = [
  'istio-proxy', '- sidecar', 'security.istio.io/tlsMode', 'sidecar.istio.io/interceptionMode', 'traffic.sidecar.istio.io/includeOutboundIPRanges',
  'traffic.sidecar.istio.io/excludeOutboundPorts', 'traffic.sidecar.istio.io/includeInboundPorts', 'traffic.sidecar.istio.io/excludeInboundPorts',
];

/** Set where a pod's annotation asks for it. */
const BY_ANNOTATION = 'ISTIO_BOOTSTRAP_OVERRIDE';

interface InjectorFacts extends Pick<ControlPlaneFacts, 'istiodNamespace'> {
  readonly parseYaml: ParseYaml;
}

/** The injectors of which a ConfigMap says that they don't inject as Istio's charts have it: whom, and what. */
export class Injectors {
  /** @param facts where istiod runs, if that is told: ConfigMaps elsewhere aren't its injector's */
  static of(objects: Inventory, { parseYaml, istiodNamespace }: InjectorFacts): Injectors {
    const own = new Map<string, MeshObject>();
    for (const object of objects.of('ConfigMap')) {
      if (istiodNamespace !== undefined && object.namespace !== istiodNamespace) continue;
      const [isInjector, revision = 'default'] = NAME.exec(object.name) ?? [];
      if (isInjector !== undefined && !own.has(revision) && !isOfCharts(shape(shape(object.source).data), parseYaml)) own.set(revision, object);
    }
    return new Injectors(own);
  }

  private constructor(private readonly own: ReadonlyMap<string, MeshObject>) {}

  /** The ConfigMap of a revision's injector, if it is another than the charts'. */
  ownOf(revision: string): MeshObject | undefined {
    return this.own.get(revision);
  }
}

function isOfCharts(data: Shape, parseYaml: ParseYaml): boolean {
  const [values, config] = [data.values, data.config].map((written) => mappingIn(text(written) ?? '', parseYaml));
  const [proxy, webhook] = [shape(shape(values.global).proxy), shape(values.sidecarInjectorWebhook)];
  const templates = texts(config.defaultTemplates);
  return Object.entries(OF_PROXY).every(([name, usual]) => proxy[name] === undefined || proxy[name] === usual)
    && webhook.enableNamespacesByDefault !== true
    && (config.policy === undefined || config.policy === 'enabled')
    && [config.alwaysInjectSelector, config.neverInjectSelector].every((selectors) => !Array.isArray(selectors) || selectors.length === 0)
    && (templates.length === 0 || (templates.length === 1 && templates[0] === 'sidecar'))
    && isOfIstio(text(shape(config.templates).sidecar));
}

/** Whether a template is Istio's as far as the model goes by it: with what that one has, and without variables that make another proxy. */
function isOfIstio(template: string | undefined): boolean {
  if (template === undefined) return true;
  const variables = [...template.matchAll(/- name: "?([A-Z][A-Z0-9_]*)/g)].map(([, name]) => ({ name })).filter(({ name }) => name !== BY_ANNOTATION);
  return IN_TEMPLATE.every((part) => template.includes(part)) && changingVariableOf(variables) === undefined;
}
