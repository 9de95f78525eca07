import { chmodSync, closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, Names, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import type { CaPem } from '../../certificates/ca-pem';
import { resourceFileName } from '../../integration/overwritten-files';

/** The parts of a PrivateKeySecret. */
interface PrivateKeySecretParts {
  readonly namespace: string;
  readonly name: string;
  readonly pem: CaPem;
}

/**
 * A Secret whose values are only in its manifest.
 *
 * An ordinary ApiObject has them in its properties, which `console.log` of an app shows, and a failed JSON patch prints the
 * whole document in its error. So they are added after that.
 */
export class PrivateKeySecret extends ApiObject {
  readonly #data: Record<string, string>;

  public constructor(scope: Construct, id: string, { namespace, name, pem }: PrivateKeySecretParts) {
    super(scope, id, { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name }, type: 'Opaque' });
    this.#data = Object.fromEntries(Object.keys(pem).sort().map((key) => [key, Buffer.from(pem[key]).toString('base64')]));
  }

  public toJson(): Record<string, unknown> {
    keepToOwner(this);
    const json = super.toJson();
    return { ...json, data: { ...json.data, ...this.#data } };
  }
}

/** Readable and writable by its owner. */
const OWNER_ONLY = 0o600;

/**
 * Restricts the file that `app.synth()` is about to write the object to its owner, before the first byte: cdk8s keeps the
 * mode of an existing file. Does nothing outside a synth to files.
 */
function keepToOwner(apiObject: ApiObject): void {
  if (!isInSynth()) return;
  const path = fileOf(apiObject);
  const isNew = !existsSync(path);
  closeSync(openSync(path, 'a', OWNER_ONLY));
  chmodSync(path, OWNER_ONLY);
  // A failed synth writes nothing, and must leave no empty file.
  if (isNew) queueMicrotask(() => { if (existsSync(path) && statSync(path).size === 0) rmSync(path); });
}

/** The file that cdk8s writes an object with a separate chart to. */
function fileOf(apiObject: ApiObject): string {
  const chart = Chart.of(apiObject);
  const { outdir, outputFileExtension, yamlOutputType } = App.of(chart);
  const ofResource = resourceFileName(apiObject.kind, apiObject.name) + outputFileExtension;
  switch (yamlOutputType) {
    case YamlOutputType.FILE_PER_RESOURCE: return join(outdir, ofResource);
    case YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE: return join(outdir, fileNameOf(chart), ofResource);
    default: return join(outdir, fileNameOf(chart) + outputFileExtension);
  }
}

/** cdk8s numbers charts if one depends on another. */
function fileNameOf(chart: Chart): string {
  const { charts } = App.of(chart);
  const name = Names.toDnsLabel(chart);
  const isNumbered = charts.some((one) => one.node.dependencies.some((other) => Chart.of(other) !== one));
  return isNumbered ? `${String(charts.indexOf(chart)).padStart(4, '0')}-${name}` : name;
}

/**
 * Only the call stack shows it: tests, validations and `synthYaml` call `toJson` too. Where the stack can't be read, as with
 * a bundler that renames functions, the file has the usual mode.
 */
function isInSynth(): boolean {
  const stack = new Error().stack ?? '';
  return /\.synth \(/.test(stack) && !/\b(?:validate|Testing\.synth|Function\.synth) \(/.test(stack);
}
