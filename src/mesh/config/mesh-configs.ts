import { MeshConfig, readMeshConfig } from './mesh-config';
import { mappingIn, ParseYaml } from './proto-yaml';
import { Objects } from '../objects/objects';
import { shape, text } from '../objects/shape';

/** The revision that a label-less mesh has. */
export const DEFAULT_REVISION = 'default';

/** The mesh configs, one a revision: ConfigMap `istio`, or `istio-<revision>`. */
export class MeshConfigs {
  /** @param parseYaml reads the text in the ConfigMap; where it is no YAML, the defaults hold */
  static of(objects: Objects, parseYaml: ParseYaml): MeshConfigs {
    const byRevision = new Map<string, MeshConfig>();
    for (const object of objects.of('ConfigMap')) {
      const written = text(shape((object.source as { data?: unknown }).data).mesh);
      const revision = revisionOf(object.name);
      if (written === undefined || revision === undefined || byRevision.has(revision)) continue;
      byRevision.set(revision, readMeshConfig(mappingIn(written, parseYaml), object));
    }
    return new MeshConfigs(byRevision);
  }

  private readonly defaults = readMeshConfig({});

  private constructor(private readonly byRevision: ReadonlyMap<string, MeshConfig>) {}

  /** The revisions that have a ConfigMap. */
  get revisions(): Iterable<string> {
    return this.byRevision.keys();
  }

  /** Whether a name is that of a revision; undefined where no ConfigMap names any revision. */
  knows(revision: string): boolean | undefined {
    const named = [...this.byRevision.keys()].some((known) => known !== DEFAULT_REVISION);
    return named ? revision === DEFAULT_REVISION || this.byRevision.has(revision) : undefined;
  }

  /** A revision without a ConfigMap of its own takes the default one's. */
  of(revision: string): MeshConfig {
    return this.byRevision.get(revision) ?? this.byRevision.get(DEFAULT_REVISION) ?? this.defaults;
  }
}

function revisionOf(name: string): string | undefined {
  if (name === 'istio') return DEFAULT_REVISION;
  return name.startsWith('istio-') ? name.slice('istio-'.length) : undefined;
}
