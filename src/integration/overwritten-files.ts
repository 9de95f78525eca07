import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { IConstruct } from 'constructs';
import { manifestOf } from './app-manifests';
import { refusalMessage } from '../findings/refusal';
import { mapping } from '../manifests/mapping';
import { grouped } from '../mesh/collections';

/** The name of the file, without its extension, to which cdk8s writes an object that has a file of its own. */
export function resourceFileName(kind: string, name: unknown): string {
  return `${kind}.${name}`.replace(/[^0-9a-zA-Z-_.]/g, '');
}

/** Refuses objects that a synth would write to one file, of which only the last would stay. */
export function overwrittenFiles(root: IConstruct): string[] {
  const { yamlOutputType, outputFileExtension } = root as App;
  const isFlat = yamlOutputType === YamlOutputType.FILE_PER_RESOURCE;
  if (!isFlat && yamlOutputType !== YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE) return [];
  const objects = root.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  const byFile = grouped(objects, (object) => {
    const name = resourceFileName(object.kind, mapping(manifestOf(object).metadata).name);
    return isFlat ? name : `${Chart.of(object).node.path}/${name}`;
  });
  const [first, ...others] = [...byFile].filter(([, writers]) => writers.length > 1);
  if (!first) return [];
  const [file, [one, other]] = first;
  const more = others.length === 0 ? '' : `; ${others.length} more ${others.length === 1 ? 'file has' : 'files have'} several objects`;
  return [refusalMessage({
    code: 'API862',
    kind: 'App',
    field: 'yamlOutputType',
    actual: YamlOutputType[yamlOutputType],
    expected: 'one that gives each object a file of its own',
    because: `${one.kind} ${one.node.path} and ${other.node.path} would be written to ${file}${outputFileExtension}, `
      + `where only the last stays${more}`,
    fix: isFlat ? 'use FOLDER_PER_CHART_FILE_PER_RESOURCE or FILE_PER_CHART' : 'use FILE_PER_CHART, or create one of them in another chart',
  })];
}
