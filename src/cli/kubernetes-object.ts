/** Whether a document claims to be a Kubernetes object. Values of a chart, its Chart.yaml, settings of tools don't. */
export function claimsToBeKubernetes(object: Readonly<Record<string, unknown>>): boolean {
  if (object.kind === undefined && object.apiVersion === undefined) return false;
  return !isHelmChart(object);
}

/** A Chart.yaml has an apiVersion, but no kind. */
function isHelmChart({ apiVersion, kind, name, version, metadata }: Readonly<Record<string, unknown>>): boolean {
  return kind === undefined && metadata === undefined && (apiVersion === 'v1' || apiVersion === 'v2') && typeof name === 'string' && version !== undefined;
}
