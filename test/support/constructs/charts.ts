import { App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { IstioMesh, IstioMeshProps } from '../../../src/index';

/** A chart in a new app; without a namespace by default. */
export function chartIn(namespace?: string): Chart {
  return new Chart(new App(), 'test', { namespace });
}

/** An IstioMesh of a separate app, to pass as a property. */
export function meshWith(props: IstioMeshProps): IstioMesh {
  return new IstioMesh(chartIn(), 'mesh', props);
}

/** A new app of two meshes, dev and prod, with a chart `shop` of each. */
export function appOfMeshes(): { readonly app: App; readonly dev: Chart; readonly prod: Chart } {
  const app = Testing.app();
  const chartOf = (id: string) => {
    const environment = new Construct(app, id);
    new IstioMesh(environment, 'mesh', { owns: environment });
    return new Chart(environment, 'shop', { namespace: 'shop' });
  };
  return { app, dev: chartOf('dev'), prod: chartOf('prod') };
}

/** The objects of a chart's manifest, after the validation of its app. */
export function synth(chart: Chart): any[] {
  return Testing.synth(chart);
}

/** The one object of a kind (and name) in a manifest. */
export function only(objects: any[], kind: string, name?: string): any {
  const found = objects.filter((object) => object.kind === kind && (name === undefined || object.metadata.name === name));
  if (found.length !== 1) throw new Error(`${found.length} objects of kind ${kind} ${name ?? ''}; expected one`);
  return found[0];
}
