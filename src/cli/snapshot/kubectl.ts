import { spawnSync } from 'node:child_process';

/** kubectl isn't installed, or the cluster doesn't answer. */
export class KubectlError extends Error {}

/** Reads from a cluster through kubectl, with the user's own permissions. */
export class Kubectl {
  /** @param context a context of the kubeconfig; by default the current one */
  constructor(private readonly context: string | undefined, private readonly env: NodeJS.ProcessEnv) {}

  /**
   * The resources that the cluster lists, by their full names, such as `deployments.apps`.
   *
   * @returns the names, and kubectl's message if an aggregated API is down, whose resources are then missing
   * @throws KubectlError if the cluster doesn't answer
   */
  resources(): { readonly names: ReadonlySet<string>; readonly problem?: string } {
    const { out, error, isDone } = this.run(['api-resources', '--verbs=list', '--output=name']);
    if (out.trim() === '') throw new KubectlError(error === '' ? 'kubectl lists no resources' : error);
    const names = new Set(out.split('\n').map((line) => line.trim()).filter((line) => line !== ''));
    return isDone ? { names } : { names, problem: error };
  }

  /** All objects of a resource, or a text that says why they can't be read. */
  list(resource: string): readonly object[] | string {
    const { out, error, isDone } = this.run(['get', resource, '--all-namespaces', '--output=json', '--chunk-size=500']);
    if (!isDone) return error;
    try {
      return (JSON.parse(out) as { items?: object[] }).items ?? [];
    } catch {
      return 'kubectl prints no JSON';
    }
  }

  private run(args: readonly string[]): { out: string; error: string; isDone: boolean } {
    const context = this.context === undefined ? [] : [`--context=${this.context}`];
    const { stdout, stderr, status, error } = spawnSync('kubectl',
      [...args, ...context], { encoding: 'utf8', maxBuffer: Infinity, env: this.env });
    if (error) throw new KubectlError((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'kubectl isn\'t on PATH' : error.message);
    return { out: stdout, error: lastLine(stderr), isDone: status === 0 };
  }
}

/** The last line of kubectl's output, which says why it failed. */
function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
