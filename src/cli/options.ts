import { InvalidArgumentError, Option } from 'commander';
import { namespaceName, revisionName } from './arguments';
import { controlPlaneFacts, controlPlaneOptions, ControlPlaneOptionValues } from './control-plane';
import { Acknowledgement } from '../findings/acknowledgement';
import { FAIL_ON_ERROR, FAIL_WORDS, FailOn, readFailOn } from '../findings/finding';
import type { MeshOptions } from '../mesh/mesh';

/** What `meshOptions` give. */
export interface MeshOptionValues extends ControlPlaneOptionValues {
  readonly injectedNamespace: readonly string[];
  readonly installedRevision?: readonly string[];
  readonly partialNamespace: readonly string[];
}

/** What `sourceOptions` give. */
export interface SourceOptionValues {
  readonly namespace?: string;
  readonly with: readonly string[];
  readonly listSkipped?: boolean;
}

/** What is read besides the paths, and how. */
export function sourceOptions(): Option[] {
  return [
    new Option('-n, --namespace <name>', 'where objects go that name no namespace, as for kubectl').argParser(namespaceName),
    new Option('--with <path>', 'manifests of what the cluster holds besides: facts, which aren\'t judged; may be repeated')
      .argParser((path: string, paths: readonly string[]) => [...paths, path]).default([], 'none'),
    new Option('--list-skipped', 'list what was found in folders and isn\'t judged, and why'),
  ];
}

/** When a run fails. */
export function failOnOption(words: FailOn = FAIL_WORDS): Option {
  const help = `what gives exit code 1, one or several of ${words.join(', ')}, with commas between them`;
  return new Option('--fail-on <words>', help).default(FAIL_ON_ERROR, 'error').argParser((list: string) => {
    try {
      return readFailOn(list, words);
    } catch (error) {
      throw new InvalidArgumentError(`${(error as Error).message}.`);
    }
  });
}

/** Whether a text shows each finding. */
export function allOption(): Option {
  return new Option('--all', 'show each finding and each unreadable document in a text, however many are alike');
}

/** What the manifests may not hold of the mesh. */
export function meshOptions(): Option[] {
  return [
    namespacesOption('--injected-namespace <name>', 'a namespace that the manifests don\'t hold, and whose pods get sidecars; may be repeated'),
    namespacesOption('--partial-namespace <name>', 'a namespace of which the manifests hold only a part; may be repeated'),
    new Option('--installed-revision <name>', 'a revision of istiod that is installed; may be repeated; unless told, all that namespaces and pods name')
      .argParser((name: string, names: readonly string[] | undefined) => [...names ?? [], revisionName(name)]),
    ...controlPlaneOptions(),
  ];
}

/** The same as the model takes it. */
export function meshFacts({ injectedNamespace, installedRevision, partialNamespace, ...values }: MeshOptionValues): Omit<MeshOptions, 'parseYaml'> {
  return {
    injectedNamespaces: injectedNamespace, installedRevisions: installedRevision, partialNamespaces: partialNamespace, ...controlPlaneFacts(values),
  };
}

function namespacesOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((name: string, names: readonly string[]) => [...names, namespaceName(name)]).default([], 'none');
}

const ACKNOWLEDGEMENT = /^(\S+?)(?: (\S+) (?:([^\s/]+)\/)?([^\s/]+?))?: *(\S.*)$/;

/** `CODE: reason`, or `CODE Kind namespace/name: reason`; `*` for any. Kinds like Namespace are in none: `CODE Kind name: reason`. */
export function acknowledgement(text: string, others: readonly Acknowledgement[]): readonly Acknowledgement[] {
  const [, code, kind, namespace, name, reason] = ACKNOWLEDGEMENT.exec(text) ?? [];
  if (code === undefined) throw new InvalidArgumentError('It is written as "CODE: reason" or "CODE Kind namespace/name: reason".');
  return [...others, { code, kind: named(kind), namespace: named(namespace), name: named(name), reason }];
}

function named(word: string | undefined): string | undefined {
  return word === '*' ? undefined : word;
}
