import { ControlPlane } from './control-plane';
import { limitError } from '../../findings/refusal';
import { shown } from '../../findings/safe-text';
import { grouped } from '../collections';
import { DEFAULT_REVISION } from '../config/control-plane-facts';
import { Istiods, IstiodSettings } from '../config/istiods';
import { EffectiveMeshConfig } from '../config/mesh-config';
import { MeshConfigs, REVISION } from '../config/revisions';
import { Inventory } from '../inventory/inventory';
import { ISTIO_KINDS } from '../inventory/kinds';
import { Namespaces } from '../inventory/namespaces';
import { MeshObject, compareTexts } from '../inventory/object';
import { ServiceRegistry } from '../services/registry';
import { Workload } from '../workloads/workload';

/** The maximum number of revisions in labels, since each istiod reads all objects. */
const MOST_REVISIONS = 100;

/**
 * The istiods of a mesh: one for each combination of mesh config and settings,
 * which revisions may share, and one for each revision with objects of its own.
 */
export class ControlPlanes {
  private readonly ofAll = new Map<EffectiveMeshConfig, Map<IstiodSettings, ControlPlane>>();
  private readonly ofOne = new Map<string, ControlPlane>();
  private readonly known = new Map<string, ControlPlane>();
  private readonly revisionOfMachines: string;

  constructor(
    private readonly configs: MeshConfigs, private readonly istiods: Istiods, private readonly registry: ServiceRegistry,
    private readonly objects: Inventory, private readonly namespaces: Namespaces,
  ) {
    const [first = DEFAULT_REVISION, ...others] = configs.revisions;
    this.revisionOfMachines = others.length === 0 ? first : DEFAULT_REVISION;
    for (const kind of ISTIO_KINDS) {
      for (const object of objects.of(kind)) {
        const revision = object.labels[REVISION];
        if (revision === undefined || this.ofOne.has(revision)) continue;
        if (this.ofOne.size === MOST_REVISIONS) throw tooManyRevisions(object, revision);
        this.ofOne.set(revision, this.planeOf(revision));
      }
    }
  }

  get default(): ControlPlane {
    return this.of(DEFAULT_REVISION);
  }

  /** The istiod of a server. Manifests don't name that of a machine: the only one with a mesh config, or else the default one. */
  ofServer(workload: Workload | undefined): ControlPlane {
    return this.of(workload ? workload.proxy.revision : this.revisionOfMachines);
  }

  /**
   * The istiods that exist, each with its revisions: those of the given revisions and
   * those named by mesh configs and objects, or else the default istiod.
   */
  inUse(revisions: Iterable<string>): ReadonlyMap<ControlPlane, readonly string[]> {
    const installed = [...revisions, ...this.configs.revisions];
    const named = [...this.ofOne.keys()].filter((revision) => revision === DEFAULT_REVISION || this.configs.knows(revision) !== false);
    const all = new Set([...installed.length === 0 ? [DEFAULT_REVISION] : installed, ...named]);
    return grouped([...all].sort(byName), (revision) => this.of(revision));
  }

  of(revision: string): ControlPlane {
    let plane = this.known.get(revision);
    if (!plane) this.known.set(revision, plane = this.find(revision));
    return plane;
  }

  private find(revision: string): ControlPlane {
    const [config, istiod] = [this.configs.of(revision), this.istiods.of(revision)];
    let ofConfig = this.ofAll.get(config);
    if (!ofConfig) this.ofAll.set(config, ofConfig = new Map());
    let plane = this.ofOne.get(revision) ?? ofConfig.get(istiod);
    if (!plane) ofConfig.set(istiod, plane = this.planeOf(revision));
    return plane;
  }

  private planeOf(revision: string): ControlPlane {
    const [config, istiod] = [this.configs.of(revision), this.istiods.of(revision)];
    return new ControlPlane(config, istiod, revision, this.registry, this.objects, this.namespaces);
  }
}

function tooManyRevisions({ kind, namespace, name }: MeshObject, revision: string): Error {
  return limitError({
    kind,
    name: `${namespace}/${name}`,
    field: `metadata.labels[${REVISION}]`,
    actual: `${shown(revision)}, one more than ${MOST_REVISIONS} other revisions`,
    expected: `labels of at most ${MOST_REVISIONS} revisions`,
    because: 'each revision\'s istiod configures the mesh differently',
    fix: 'remove the objects of revisions that are gone',
  });
}

/** The default revision first. */
function byName(left: string, right: string): number {
  return Number(right === DEFAULT_REVISION) - Number(left === DEFAULT_REVISION) || compareTexts(left, right);
}
