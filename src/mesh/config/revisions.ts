import { ControlPlaneFacts, revisionOfConfigMap, DEFAULT_REVISION } from './control-plane-facts';
import { EffectiveMeshConfig, readMeshConfig } from './mesh-config';
import { ParseYaml } from './proxy-config';
import { isMapping, Mapping, mapping, text } from '../../manifests/mapping';
import { late } from '../../modules/late';
import { Inventory } from '../inventory/inventory';
import { KIND } from '../inventory/kinds';
import { readObject, MeshObject, objectText } from '../inventory/object';

/** The label of a webhook for a tag. */
export const TAG = 'istio.io/tag';

/** The label with which a namespace or pod selects its istiod, and an object its only reader. */
export const REVISION = 'istio.io/rev';

/** Aliases of istiod's revisions: a tag's webhook sets them and, before it exists, the installer's input. */
export class RevisionTags {
  static of(objects: Inventory, { meshConfigs = [] }: ControlPlaneFacts = {}): RevisionTags {
    const told = meshConfigs.flatMap(({ manifest, tags = [] }) => {
      const revision = revisionOfConfigMap(readObject(manifest)!.name)!;
      return tags.map((tag) => [tag, revision] as const);
    });
    const written = objects.of(KIND.MutatingWebhookConfiguration).flatMap(({ labels }) =>
      (labels[TAG] !== undefined && labels[REVISION] !== undefined ? [[labels[TAG], labels[REVISION]] as const] : []));
    return new RevisionTags(new Map([...told, ...written]));
  }

  private constructor(private readonly revisions: ReadonlyMap<string, string>) {}

  /** The revision that a name stands for: a tag's, or the name itself. */
  revisionOf(name: string): string {
    return this.revisions.get(name) ?? name;
  }
}

/** istiod's namespace by default. */
const USUAL_NAMESPACE = 'istio-system';

/** The parts of a mesh config that can be given separately. */
type Told = Pick<ControlPlaneFacts, 'rootNamespace' | 'trustDomain'>;

/**
 * The mesh configs, one per revision: ConfigMap `istio`, or `istio-<revision>`. Given facts apply if the manifests contain no
 * such ConfigMap, since istiod reads nothing else.
 */
export class MeshConfigs {
  /** @param parseYaml reads the text in the ConfigMap; throws if it isn't valid YAML */
  static of(objects: Inventory, parseYaml: ParseYaml, facts: ControlPlaneFacts = {}): MeshConfigs {
    const { istiodNamespace, rootNamespace = istiodNamespace, trustDomain, meshConfigs = [] } = facts;
    const read = (object: MeshObject, told: Told = {}): EffectiveMeshConfig => {
      const config = fieldsIn(writtenIn(object)!, parseYaml);
      return {
        ...readMeshConfig({ ...config?.inForce, ...told }, object, config?.written), ...config === undefined && { isUnreadable: true },
      };
    };
    const configMaps = objects.of(KIND.ConfigMap).filter(({ namespace }) => namespace === (istiodNamespace ?? namespace));
    const written = firstOfEach([...configMaps.filter(({ namespace }) => namespace === USUAL_NAMESPACE), ...configMaps]);
    const told = defined({ rootNamespace: facts.rootNamespace, trustDomain });
    const declared = firstOfEach(meshConfigs.map(({ manifest }) => readObject(manifest)!));
    return new MeshConfigs(
      new Map([...written].map(([revision, object]) => [revision, read(object)])),
      new Map([...declared].map(([revision, object]) => [revision, read(object, told)])),
      readMeshConfig(defined({ rootNamespace, trustDomain })),
      facts,
    );
  }

  private constructor(
    private readonly written: ReadonlyMap<string, EffectiveMeshConfig>, private readonly declared: ReadonlyMap<string, EffectiveMeshConfig>,
    private readonly otherwise: EffectiveMeshConfig, private readonly facts: ControlPlaneFacts,
  ) {}

  /** The revisions that have a mesh config. */
  get revisions(): Iterable<string> {
    return new Set([...this.written.keys(), ...this.declared.keys()]);
  }

  /** Whether a name is a revision's; undefined if no ConfigMap names any revision but the default one. */
  knows(revision: string): boolean | undefined {
    const named = [...this.written.keys()].some((known) => known !== DEFAULT_REVISION);
    return named ? this.shows(revision) : undefined;
  }

  /** Whether a revision has its own mesh config. */
  shows(revision: string): boolean {
    return this.own(revision) !== undefined;
  }

  /** The ConfigMap of the default revision, or of the first other one if that has none. */
  get object(): MeshObject | undefined {
    return this.of(DEFAULT_REVISION).object ?? [...this.written.values()][0]?.object;
  }

  /** A revision without its own mesh config uses the default one's, or the only one given. */
  of(revision: string): EffectiveMeshConfig {
    return this.own(revision) ?? this.own(DEFAULT_REVISION) ?? this.onlyDeclared ?? this.otherwise;
  }

  /** Where given facts differ from the manifests, one line each. */
  contradictions(): readonly string[] {
    return [...this.written].flatMap(([revision, config]) => {
      const declared = this.declared.get(revision);
      const told = declared ?? defined({ rootNamespace: this.facts.rootNamespace, trustDomain: this.facts.trustDomain });
      const saidBy = this.facts.meshConfigs?.find(({ manifest }) => manifest === declared?.object?.source)?.saidBy;
      return differences(config, told).map(([field, counts, other]) =>
        `${objectText(config.object!)} is what istiod reads, with ${field} ${counts}; ${saidBy ?? 'what is told'} `
          + `says ${other}, which doesn't count`);
    });
  }

  /** What istiod can't read, or ignores, in mesh configs that were given, one line each. */
  faults(): readonly string[] {
    return [...this.unreadable(), ...this.facts.meshConfigs?.flatMap(({ ignored = [] }) => ignored) ?? []];
  }

  /** The mesh configs that istiod can't read, one line each. */
  unreadable(): readonly string[] {
    return [...this.written.values(), ...this.declared.values()].flatMap(({ isUnreadable, object }) => (isUnreadable
      ? [`${objectText(object!)} holds a mesh config that istiod can't read: ${UNREADABLE}; no call of a sidecar is decided`] : []));
  }

  private own(revision: string): EffectiveMeshConfig | undefined {
    return this.written.get(revision) ?? this.declared.get(revision);
  }

  private get onlyDeclared(): EffectiveMeshConfig | undefined {
    return this.declared.size === 1 ? [...this.declared.values()][0] : undefined;
  }
}

/** The ConfigMaps with a mesh config, by revision; the first of several. */
function firstOfEach(configMaps: readonly MeshObject[]): ReadonlyMap<string, MeshObject> {
  const byRevision = new Map<string, MeshObject>();
  for (const object of configMaps) {
    const revision = revisionOfConfigMap(object.name);
    if (revision !== undefined && !byRevision.has(revision) && writtenIn(object) !== undefined) byRevision.set(revision, object);
  }
  return byRevision;
}

/** What an istiod does about a mesh config that it can't read. */
const UNREADABLE = 'a running istiod keeps the last one that it could read, and a new one takes the defaults';

/** The fields in a mesh config's text that count; undefined if istiod can't read it. */
function fieldsIn(yaml: string, parseYaml: ParseYaml): { readonly written: Mapping; readonly inForce: Mapping } | undefined {
  try {
    const config = parseYaml(yaml) ?? {};
    if (isMapping(config) && Object.keys(config).length === 0) return { written: config, inForce: config };
    // Loaded when there is a mesh config, with all of its fields.
    const { fieldsInForce } =
      late<typeof import('../../manifests/mesh-config/in-force')>(() => require('../../manifests/mesh-config/in-force'));
    const inForce = fieldsInForce(config);
    return inForce && { written: mapping(config), inForce };
  } catch {
    return undefined;
  }
}

function writtenIn({ source }: MeshObject): string | undefined {
  return text(mapping((source as { data?: unknown }).data).mesh);
}

function defined(fields: Told): Told & Mapping {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Settings derived from fields of other names or forms, whose values would tell a reader nothing. */
const UNLIKE_WRITTEN: ReadonlySet<keyof EffectiveMeshConfig> = new Set<keyof EffectiveMeshConfig>([
  'addsTlsOutbound', 'httpProxy', 'inboundPort', 'outboundPort', 'ownProxy', 'readsElsewhere', 'serviceEntryVisibility', 'sidecarPorts',
  'unknownCipherSuite',
]);

/** The fields of a mesh config whose values differ from the given ones, as texts. */
function differences(
  config: EffectiveMeshConfig, told: Partial<EffectiveMeshConfig>,
): readonly (readonly [field: string, counts: string, told: string])[] {
  const { object, written, ...fields } = told;
  return (Object.keys(fields) as (keyof typeof fields)[]).filter((field) => !UNLIKE_WRITTEN.has(field)).flatMap((field) => {
    const [counts, other] = [config[field], fields[field]].map((value) => (
      JSON.stringify(value, (_, one) => (one instanceof Set ? [...one] : one))));
    return counts === other ? [] : [[field, counts, other] as const];
  });
}
