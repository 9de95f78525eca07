import { objectIn, ChangeUnit } from './change-unit';
import { Discovery } from '../config/mesh-config';
import { isOf, KIND } from '../inventory/kinds';
import { labelsOfNamespace } from '../inventory/namespaces';
import { Mesh } from '../mesh';
import { Labels } from '../names/labels';

/**
 * Whether the labels of changed namespaces affect connections in other ways than injection, which is modelled by
 * units for pods. Only three readers of labels do: `discoverySelectors` and `serviceEntryVisibility` of mesh
 * configs, and the network of istiod's namespace. If each of them gives the same answer for all versions of a
 * Namespace, no state depends on the version, so none needs to be examined with both. A test lists the readers.
 */
export class NamespaceLabels {
  /** The readers, as functions of a namespace's labels; undefined if the mesh configs change, and the readers with them. */
  private readonly answers?: readonly Answer[];
  /** The readers of `discoverySelectors`. */
  private readonly discoveries: readonly Answer<boolean | undefined>[] = [];

  constructor(states: readonly Mesh[], units: readonly ChangeUnit[]) {
    if (units.some(({ object }) => isOf(object, KIND.ConfigMap))) return;
    const configs = new Set(states.flatMap(({ planes, configs: known }) =>
      [planes.default.config, ...Array.from(known.revisions, (revision) => known.of(revision))]));
    this.discoveries = Array.from(configs, ({ discoverySelectors }) => {
      const discovery = new Discovery(discoverySelectors);
      return (name: string, labels: Labels | undefined) => discovery.reads(name, labels);
    });
    this.answers = [
      ...Array.from(configs, ({ serviceEntryVisibility: visibility }) =>
        (name: string, labels: Labels | undefined) => visibility?.ofNamespace(name, labels)),
      ...states.map(({ networks }) => (name: string, labels: Labels | undefined) => networks.labelOf(name, labels)),
    ];
  }

  /** @param unit a Namespace */
  decide(unit: ChangeUnit): boolean {
    return !this.answers || [...this.answers, ...this.discoveries].some((answer) => differs(answer, unit));
  }

  /** Whether labels decide only whether an istiod reads the namespace, and are always known. */
  decideDiscoveryAlone(unit: ChangeUnit): boolean {
    const isKnown = this.discoveries.every((answer) => !answersOf(answer, unit).has(undefined));
    return this.answers !== undefined && isKnown && !this.answers.some((answer) => differs(answer, unit));
  }
}

type Answer<Value = unknown> = (name: string, labels: Labels | undefined) => Value;

function differs(answer: Answer, unit: ChangeUnit): boolean {
  return answersOf(answer, unit).size > 1;
}

/** The different answers for all versions of a Namespace. */
function answersOf<Value>(answer: Answer<Value>, unit: ChangeUnit): ReadonlySet<Value> {
  return new Set(Array.from(unit.versions.keys(), (version) => {
    const object = objectIn(unit, version);
    return answer(unit.object.name, object && labelsOfNamespace(object));
  }));
}
