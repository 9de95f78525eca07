import { objectIn, Unit } from './unit';
import { Discovery } from '../config/mesh-config';
import { labelsOfNamespace } from '../inventory/namespaces';
import { Mesh } from '../mesh';
import { Labels } from '../names/labels';

/**
 * Whether the labels of changed namespaces decide anything about connections, other than which pods get sidecars: pods are units of
 * their own, whatever the labels are meanwhile. Besides injection, three readers of labels decide something: the `discoverySelectors` and
 * `serviceEntryVisibility` of mesh configs, and the network of istiod's namespace. If each gives the same answer for all versions of a
 * Namespace, no state depends on its version, so none needs to be examined with both. A test lists the readers.
 */
export class NamespaceLabels {
  /** The answers of all readers, for a namespace of some labels; undefined: the mesh configs change, and with them the answers. */
  private readonly answers?: readonly ((name: string, labels: Labels | undefined) => unknown)[];

  constructor(states: readonly Mesh[], units: readonly Unit[]) {
    if (units.some(({ object: { kind } }) => kind === 'ConfigMap')) return;
    const configs = new Set(states.flatMap(({ planes, configs: known }) =>
      [planes.default.config, ...Array.from(known.revisions, (revision) => known.of(revision))]));
    this.answers = [
      ...[...configs].flatMap(({ discoverySelectors, serviceEntryVisibility }) => {
        const discovery = new Discovery(discoverySelectors);
        return [
          (name: string, labels: Labels | undefined) => discovery.reads(name, labels),
          (name: string, labels: Labels | undefined) => serviceEntryVisibility?.ofNamespace(name, labels),
        ];
      }),
      ...states.map(({ networks }) => (name: string, labels: Labels | undefined) => networks.labelOf(name, labels)),
    ];
  }

  /** @param unit a Namespace */
  decide(unit: Unit): boolean {
    const { name } = unit.object;
    const versions = Array.from(unit.versions.keys(), (version) => {
      const object = objectIn(unit, version);
      return object && labelsOfNamespace(object);
    });
    return this.answers?.some((answer) => new Set(versions.map((labels) => answer(name, labels))).size > 1) ?? true;
  }
}
