import { InjectionFacts, INJECTION } from './injection-facts';
import { DEFAULT_REVISION } from '../config/control-plane-facts';
import { MeshConfigs, REVISION, RevisionTags } from '../config/revisions';
import { Labels } from '../names/labels';

/** What is stated, shown and assumed of the installed revisions. */
export interface InstalledRevisions extends InjectionFacts {
  readonly tags: RevisionTags;
  readonly configs: MeshConfigs;
}

/**
 * Whether the revision or tag that a namespace or pod asks for is installed. By default, a name is considered a revision, unless other
 * revisions have ConfigMaps and it has none: it may be a tag of theirs.
 *
 * @param name `default` for what asks for none by name, which an installation by revision only lacks
 */
export function isInstalled(name: string, revisions: InstalledRevisions): boolean | 'unknown' {
  return isNamed(name, revisions) || (revisions.assumed?.revisions.get(name) ?? 'unknown');
}

/** The labels of a namespace with injection. If none is called default, the label of the first installed revision, by name. */
export function injectedLabels(revisions: InstalledRevisions): Labels {
  const [first] = [...revisions.installedRevisions ?? revisions.configs.revisions].sort();
  return first === undefined || isNamed(DEFAULT_REVISION, revisions) ? { [INJECTION]: 'enabled' } : { [REVISION]: first };
}

/** Whether a name is that of an installed revision, or a tag of one, as far as stated or shown. */
function isNamed(name: string, { installedRevisions, configs, tags }: InstalledRevisions): boolean {
  const revision = tags.revisionOf(name);
  return installedRevisions
    ? installedRevisions.includes(name) || installedRevisions.includes(revision) || configs.shows(revision)
    : configs.knows(revision) !== false;
}
